// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.StorageApply;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Invariant;
import io.jangada.wal.SnapshotFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The apply loop's part of a group: takes all committed entries that have queued up, gives their
 * commands to the state machine in as few batches as possible, and tells who waits. A change of
 * membership cuts the batch: the core puts it into force on the node loop, and only then it goes on.
 * Owned by the apply loop, but for {@link #submit}, {@link #restore}, {@link #await},
 * {@link #forget}, {@link #takeState} and {@link #index}, which are for any thread.
 *
 * @param <R> what a command results in
 */
final class Applier<R> {
    private static final int CHUNK = 256;

    /** Whoever wants to know. Called by the apply loop. */
    interface Listener<R> {
        /** The command in {@code sealed}, an {@link Envelope}, is applied. */
        void applied(Bytes sealed, Command command, R result);

        /** {@code change} is committed: {@code inForce} is called on the apply loop once the core has it. */
        void putIntoForce(EntryId id, ConfChange change, ConfChangeDone inForce);

        /** The machine has taken note of {@code change}. */
        void membershipApplied(EntryId id, ConfChange change, ConfState result);

        /** These are done, in order; {@code index} is the last applied one. */
        void done(List<StorageApply> applies, long index);

        /** The machine is replaced. */
        void restored(AppliedState at);
    }

    /** Hears of a change that is in force. */
    interface ConfChangeDone {
        void inForce(ConfState result);
    }

    /** Waits until an index is applied. */
    interface Waiter {
        /** All up to {@code index} is applied. Apply loop. */
        void ready(long index);
    }

    private sealed interface Work {}

    private record Entries(StorageApply apply) implements Work {}

    private record Restore(SnapshotFile file, Runnable then) implements Work {}

    private record Wait(long index, Waiter waiter) {}

    private final StateMachine<R> machine;
    private final Executor loop;
    private final GroupLimits limits;
    private final Listener<R> listener;
    private final MpscUnboundedArrayQueue<Work> inbox = new MpscUnboundedArrayQueue<>(CHUNK);
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final PriorityQueue<Wait> waits = new PriorityQueue<>(
            Comparator.comparingLong(Wait::index));
    private final List<Command> commands = new ArrayList<>();
    private final List<Bytes> envelopes = new ArrayList<>();
    private final List<StorageApply> done = new ArrayList<>();
    private long commandBytes;
    private @Nullable StorageApply current;
    private int position;
    private long reached;
    private boolean blocked;
    /** Written by the apply loop after the machine has it, read by any thread. */
    private volatile long applied;

    Applier(StateMachine<R> machine, Executor loop, GroupLimits limits, long applied,
            Listener<R> listener) {
        this.machine = machine;
        this.loop = loop;
        this.limits = limits;
        this.listener = listener;
        this.applied = applied;
        reached = applied;
    }

    /** The highest index that is applied. */
    long index() {
        return applied;
    }

    /** Queues committed entries. */
    void submit(StorageApply apply) {
        submit(new Entries(apply));
    }

    /** Queues the replacement of the machine's state; {@code then} runs after it, on the apply loop. */
    void restore(SnapshotFile file, Runnable then) {
        submit(new Restore(file, then));
    }

    private void submit(Work work) {
        inbox.offer(work);
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            loop.execute(this::drain);
        }
    }

    /** Tells {@code waiter} once {@code index} is applied. */
    void await(long index, Waiter waiter) {
        loop.execute(() -> {
            if (applied >= index) {
                waiter.ready(index);
            } else {
                waits.add(new Wait(index, waiter));
            }
        });
    }

    /** {@code waiter} waits no more. */
    void forget(Waiter waiter) {
        loop.execute(() -> waits.removeIf(one -> one.waiter().equals(waiter)));
    }

    /** Gives the machine's state to {@code then}, on the apply loop. */
    void takeState(Consumer<StateSnapshot> then) {
        loop.execute(() -> then.accept(machine.snapshot()));
    }

    private void drain() {
        scheduled.set(false);
        while (!blocked) {
            if (current != null) {
                applyCurrent(current);
                continue;
            }
            Work next = inbox.poll();
            if (next == null) {
                break;
            }
            switch (next) {
                case Entries(StorageApply apply) -> {
                    current = apply;
                    position = 0;
                }
                case Restore(SnapshotFile file, Runnable then) -> restoreNow(file, then);
            }
        }
        flush();
    }

    private void applyCurrent(StorageApply apply) {
        List<Entry> entries = apply.entries();
        while (position < entries.size()) {
            Entry entry = entries.get(position);
            if (entry.index() <= reached) { // A repetition: the machine has it.
                position++;
                continue;
            }
            Invariant.check(entry.index() == reached + 1, "entries to apply are not consecutive",
                    entry.index(), reached);
            if (entry.type() != EntryType.NORMAL) {
                flush();
                putIntoForce(entry);
                return;
            }
            gather(entry);
            position++;
            reached = entry.index();
        }
        done.add(apply);
        current = null;
    }

    private void gather(Entry entry) {
        Bytes sealed = entry.data();
        // What is no envelope was not made by any of us, and is skipped by every member alike.
        if (!Envelope.isSealed(sealed)) {
            return;
        }
        Bytes body = Envelope.body(sealed);
        if (!commands.isEmpty() && (commands.size() >= limits.applyBatchCountMax()
                || commandBytes + body.size() > limits.applyBatchBytesMax())) {
            flush();
        }
        commands.add(new Command(entry.term(), entry.index(), body));
        envelopes.add(sealed);
        commandBytes += body.size();
    }

    private void putIntoForce(Entry entry) {
        blocked = true;
        ConfChange change = ConfChangeEntries.open(entry);
        listener.putIntoForce(entry.id(), change, result -> {
            machine.applyConfChange(entry.id(), ConfChangeEntries.plain(change), result);
            blocked = false;
            position++;
            reached = entry.index();
            applied = reached;
            listener.membershipApplied(entry.id(), change, result);
            drain();
        });
    }

    /** Applies what is gathered, and tells. */
    private void flush() {
        if (!commands.isEmpty()) {
            List<Command> batch = List.copyOf(commands);
            List<R> results = machine.apply(batch);
            Invariant.check(results.size() == batch.size(), "one result for each command",
                    results.size(), batch.size());
            applied = batch.getLast().index();
            for (int i = 0; i < batch.size(); i++) {
                listener.applied(envelopes.get(i), batch.get(i), results.get(i));
            }
            commands.clear();
            envelopes.clear();
            commandBytes = 0;
        }
        applied = Math.max(applied, reached);
        while (!waits.isEmpty() && waits.peek().index() <= applied) {
            Wait wait = waits.remove();
            wait.waiter().ready(wait.index());
        }
        if (!done.isEmpty()) {
            List<StorageApply> finished = List.copyOf(done);
            done.clear();
            listener.done(finished, applied);
        }
    }

    private void restoreNow(SnapshotFile file, Runnable then) {
        flush();
        AppliedState at = new AppliedState(file.id(), file.confState());
        if (at.index() > applied) {
            try (InputStream in = file.open()) {
                machine.restore(at, in);
            } catch (IOException e) {
                throw new UncheckedIOException("the snapshot " + file + " cannot be restored", e);
            }
            reached = at.index();
            applied = reached;
            listener.restored(at);
        }
        flush();
        then.run();
    }
}
