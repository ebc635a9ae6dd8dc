// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import java.time.InstantSource;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * A client's session with a group whose machine is a {@link SessionStateMachine}: its calls are applied
 * exactly once, although a call that ended as unknown is attempted again (Raft thesis 6.3).
 * Thread-safe: one lock, held for a moment; calls may overlap.
 *
 * <p>A session that is not used expires, by the proposers' times of day: members whose clocks are ahead by
 * more than {@link SessionLimits#idleMax} make the others' sessions expire.
 *
 * @param <R> what the state machine answers
 */
public final class Session<R> {
    /** Calls that may be open at a time: their answers are all kept. */
    public static final int OPEN_MAX = 1_024;

    private final RaftNode<SessionAnswer<R>> node;
    private final long id;
    private final InstantSource clock;
    private final TreeSet<Long> open = new TreeSet<>();
    private long last;

    private Session(RaftNode<SessionAnswer<R>> node, long id, InstantSource clock) {
        this.node = node;
        this.id = id;
        this.clock = clock;
    }

    /** Opens a session through {@code node}, by this process's time of day. Completed by the apply loop. */
    public static <R> CompletableFuture<SessionOpening<R>> open(
            RaftNode<SessionAnswer<R>> node) {
        return open(node, InstantSource.system());
    }

    /** Opens a session through {@code node}. Completed by the apply loop. */
    public static <R> CompletableFuture<SessionOpening<R>> open(
            RaftNode<SessionAnswer<R>> node, InstantSource clock) {
        return node.propose(new SessionCommand.Open(clock.millis()).encode())
                .thenApply(result -> switch (result) {
                    case ProposalResult.Applied<SessionAnswer<R>> applied ->
                        new SessionOpening.Opened<>(
                                new Session<>(node, applied.id().index(), clock));
                    case ProposalResult.Refused<SessionAnswer<R>> refused ->
                        new SessionOpening.Refused<>(refused.reason(), refused.retry(),
                                refused.leader());
                    case ProposalResult.Unknown<SessionAnswer<R>> unknown ->
                        new SessionOpening.Unknown<>(unknown.cause(), unknown.leader());
                });
    }

    /** The session among those of the group. */
    public long id() {
        return id;
    }

    /**
     * A call of {@code command}, which is not proposed yet. Whoever does not bring it to an end abandons
     * it, or its place stays taken.
     *
     * @throws IllegalStateException if {@link #OPEN_MAX} calls are open
     */
    public synchronized SessionCall<R> call(Bytes command) {
        if (open.size() >= OPEN_MAX) {
            throw new IllegalStateException(
                    "session " + id + " has " + open.size() + " open calls, at most " + OPEN_MAX);
        }
        open.add(++last);
        return new SessionCall<>(this, last, command);
    }

    /** Keeps the session alive without a call; whether it is. Completed by the apply loop. */
    public CompletableFuture<ProposalResult<Boolean>> renew() {
        return alive(new SessionCommand.Renew(id, clock.millis()));
    }

    /** Ends the session: false once it has none. Completed by the apply loop. */
    public CompletableFuture<ProposalResult<Boolean>> close() {
        return alive(new SessionCommand.Close(id));
    }

    private CompletableFuture<ProposalResult<Boolean>> alive(SessionCommand command) {
        return node.propose(command.encode()).thenApply(result -> switch (result) {
            case ProposalResult.Applied<SessionAnswer<R>> applied -> new ProposalResult.Applied<>(
                    applied.id(), applied.result() instanceof SessionAnswer.Alive);
            case ProposalResult.Refused<SessionAnswer<R>> refused -> new ProposalResult.Refused<>(
                    refused.reason(), refused.retry(), refused.leader());
            case ProposalResult.Unknown<SessionAnswer<R>> unknown -> new ProposalResult.Unknown<>(
                    unknown.cause(), unknown.leader());
        });
    }

    RaftNode<SessionAnswer<R>> node() {
        return node;
    }

    synchronized Bytes encode(long number, Bytes command) {
        long firstOpen = open.isEmpty() ? last + 1 : open.first();
        return new SessionCommand.Call(id, number, firstOpen, clock.millis(), command).encode();
    }

    synchronized void ended(long number) {
        open.remove(number);
    }
}
