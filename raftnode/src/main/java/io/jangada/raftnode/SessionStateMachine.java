// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A state machine that applies each call of a {@link Session} exactly once, however often it was
 * proposed, and answers the repetitions as the first time (Raft thesis 6.3). Wraps another one, which
 * knows nothing of it. The table of sessions is part of the state: replicated by the log, kept in
 * snapshots, bounded by {@link SessionLimits}.
 *
 * <p>The machine behind it keeps its state in memory: one with storage of its own could not change the
 * table and its state as one. It gets commands one at a time.
 *
 * <p>Threads: as {@link StateMachine} says.
 *
 * @param <R> what the machine behind it answers
 */
public final class SessionStateMachine<R> implements StateMachine<SessionAnswer<R>> {
    private final StateMachine<R> machine;
    private final ResultCodec<R> codec;
    private final SessionTable table;
    private AppliedState at = AppliedState.NONE;

    /**
     * Around {@code machine}.
     *
     * @param limits the same on all members
     */
    public SessionStateMachine(StateMachine<R> machine, ResultCodec<R> codec,
            SessionLimits limits) {
        this.machine = machine;
        this.codec = codec;
        table = new SessionTable(limits);
    }

    /** What to propose for a command outside all sessions, which is applied each time it is proposed. */
    public static Bytes plain(Bytes command) {
        return new SessionCommand.Plain(command).encode();
    }

    /**
     * Nothing.
     *
     * @throws IOException if the machine behind it has storage of its own
     */
    @Override
    public AppliedState recover() throws IOException {
        AppliedState held = machine.recover();
        if (held.index() != 0) {
            throw new IOException("the state machine behind the sessions holds " + held.last()
                    + " in storage of its own; sessions need one in memory");
        }
        return held;
    }

    @Override
    public void initialize(AppliedState first) throws IOException {
        at = first;
        machine.initialize(first);
    }

    @Override
    public List<SessionAnswer<R>> apply(List<Command> batch) {
        List<SessionAnswer<R>> answers = new ArrayList<>(batch.size());
        for (Command command : batch) {
            at = new AppliedState(command.id(), at.confState());
            answers.add(SessionCommand.decode(command.data())
                    .map(decoded -> answer(command.id(), decoded))
                    .orElseGet(SessionAnswer.Malformed::new));
        }
        return answers;
    }

    private SessionAnswer<R> answer(EntryId id, SessionCommand command) {
        return switch (command) {
            case SessionCommand.Plain(Bytes body) -> new SessionAnswer.Answered<>(
                    applyNow(id, body));
            case SessionCommand.Open(long millis) -> {
                table.open(id.index(), millis);
                yield new SessionAnswer.Alive<>(id.index());
            }
            case SessionCommand.Renew(long session, long millis) ->
                table.use(session, millis) == null
                        ? new SessionAnswer.Expired<>()
                        : new SessionAnswer.Alive<>(session);
            case SessionCommand.Close(long session) -> {
                table.close(session);
                yield new SessionAnswer.Expired<>();
            }
            case SessionCommand.Call call -> answer(id, call);
        };
    }

    private SessionAnswer<R> answer(EntryId id, SessionCommand.Call call) {
        SessionTable.Entry session = table.use(call.session(), call.millis());
        if (session == null) {
            return new SessionAnswer.Expired<>();
        }
        table.forget(session, call.firstOpen());
        if (session.isForgotten(call.number())) {
            return new SessionAnswer.Forgotten<>();
        }
        Bytes kept = session.answer(call.number());
        if (kept != null) {
            return new SessionAnswer.Answered<>(codec.decode(kept));
        }
        R result = applyNow(id, call.body());
        table.keep(session, call.number(), codec.encode(result));
        return new SessionAnswer.Answered<>(result);
    }

    private R applyNow(EntryId id, Bytes body) {
        return machine.apply(List.of(new Command(id, body))).getFirst();
    }

    @Override
    public void applyConfChange(EntryId id, ConfChange change, ConfState result) {
        at = new AppliedState(id, result);
        machine.applyConfChange(id, change, result);
    }

    @Override
    public StateSnapshot snapshot() {
        ByteArrayOutputStream sessions = new ByteArrayOutputStream();
        try {
            table.writeTo(new DataOutputStream(sessions));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return new Both(at, Bytes.wrap(sessions.toByteArray()), machine.snapshot());
    }

    @Override
    public void restore(AppliedState state, InputStream in) throws IOException {
        at = state;
        table.readFrom(new DataInputStream(in));
        machine.restore(state, in);
    }

    /** The table, and behind it the machine's own state. */
    private record Both(AppliedState at, Bytes sessions,
            StateSnapshot state) implements StateSnapshot {
        @Override
        public boolean persist() {
            return false;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            out.write(sessions.toByteArray());
            state.writeTo(out);
        }

        @Override
        public void close() {
            state.close();
        }
    }
}
