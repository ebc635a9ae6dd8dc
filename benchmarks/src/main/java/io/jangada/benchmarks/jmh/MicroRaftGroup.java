// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.model.Bytes;
import io.microraft.Ordered;
import io.microraft.RaftConfig;
import io.microraft.RaftEndpoint;
import io.microraft.RaftNode;
import io.microraft.executor.RaftNodeExecutor;
import io.microraft.model.message.RaftMessage;
import io.microraft.report.RaftTerm;
import io.microraft.statemachine.StateMachine;
import io.microraft.transport.Transport;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Three members of MicroRaft in memory: one in a thread of its own each, or all in one thread. */
final class MicroRaftGroup {
    private static final int MEMBERS = 3;
    private static final long PAUSE_NANOS = 1_000_000;

    /** A member's name. */
    private record Endpoint(Integer number) implements RaftEndpoint {
        @Override
        public Object getId() {
            return number;
        }
    }

    /** Runs a member's tasks in one thread, which it may share with others. */
    private record Loop(ScheduledExecutorService thread) implements RaftNodeExecutor {
        @Override
        public void execute(Runnable task) {
            thread.execute(task);
        }

        @Override
        public void submit(Runnable task) {
            thread.execute(task);
        }

        @Override
        public void schedule(Runnable task, long delay, TimeUnit unit) {
            var ignored = thread.schedule(task, delay, unit);
        }
    }

    /** Hands messages over as they are. */
    private final class LocalTransport implements Transport {
        @Override
        public void send(RaftEndpoint target, RaftMessage message) {
            node(target).handle(message);
        }

        @Override
        public boolean isReachable(RaftEndpoint endpoint) {
            return true;
        }
    }

    /** Checks that every command comes once and in order. Owned by the member's thread. */
    private static final class Checker implements StateMachine {
        private static final Object NEW_TERM = "new term";
        private final AtomicLong applied = new AtomicLong();

        @Override
        public Object runOperation(long index, Object operation) {
            if (operation instanceof Bytes command) {
                long before = applied.getPlain();
                if (Commands.number(command) != before % Commands.COUNT) {
                    throw new IllegalStateException("command out of order after " + before);
                }
                applied.setRelease(before + 1);
            }
            return operation;
        }

        @Override
        public void takeSnapshot(long index, Consumer<Object> chunks) {
            chunks.accept(applied.get());
        }

        @Override
        public void installSnapshot(long index, List<Object> chunks) {
            applied.set((Long) chunks.getFirst());
        }

        @Override
        public Object getNewTermOperation() {
            return NEW_TERM;
        }
    }

    private final List<ScheduledExecutorService> threads = new ArrayList<>();
    private final List<RaftNode> nodes = new ArrayList<>();
    private final List<Checker> checkers = new ArrayList<>();
    private final List<CompletableFuture<Ordered<Object>>> underWay = new ArrayList<>();
    private final RaftNode leader;
    private long proposed;

    /** With an elected leader. {@code threadCount} is 1 or {@link #MEMBERS}. */
    MicroRaftGroup(int threadCount) {
        for (int i = 0; i < threadCount; i++) {
            threads.add(Executors.newSingleThreadScheduledExecutor());
        }
        List<RaftEndpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < MEMBERS; i++) {
            endpoints.add(new Endpoint(i));
        }
        RaftConfig config = RaftConfig.newBuilder().setLeaderElectionTimeoutMillis(100).build();
        for (int i = 0; i < MEMBERS; i++) {
            var checker = new Checker();
            checkers.add(checker);
            nodes.add(RaftNode.newBuilder().setGroupId("benchmark").setConfig(config)
                    .setLocalEndpoint(endpoints.get(i)).setInitialGroupMembers(endpoints)
                    .setExecutor(new Loop(threads.get(i % threadCount)))
                    .setTransport(new LocalTransport()).setStateMachine(checker)
                    .build());
        }
        nodes.forEach(node -> node.start().join());
        leader = awaitLeader();
    }

    private RaftNode node(RaftEndpoint endpoint) {
        return nodes.get((Integer) endpoint.getId());
    }

    private RaftNode awaitLeader() {
        while (true) {
            for (RaftNode node : nodes) {
                RaftTerm term = node.getTerm();
                if (term.getLeaderEndpoint() != null) {
                    return node(term.getLeaderEndpoint());
                }
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Proposes the next {@code count} commands and waits until the leader has applied them. */
    void propose(Commands commands, int count) {
        for (int i = 0; i < count; i++) {
            underWay.add(leader.replicate(commands.at(proposed + i)));
        }
        for (int i = 0; i < count; i++) {
            underWay.get(i).join();
        }
        underWay.clear();
        proposed += count;
    }

    /** Whether every member has applied what was proposed, and no member anything else. */
    void check() {
        for (Checker checker : checkers) {
            while (checker.applied.get() < proposed) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
            if (checker.applied.get() != proposed) {
                throw new IllegalStateException(
                        checker.applied.get() + " commands applied, but " + proposed + " proposed");
            }
        }
    }

    void stop() {
        nodes.forEach(node -> node.terminate().join());
        threads.forEach(ScheduledExecutorService::shutdownNow);
    }
}
