// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A group of cores in one thread: messages are stepped as they are sent, each Ready is dealt with in full. Member 1 leads.
 * Belongs to one thread.
 */
final class MemoryGroup {
    private final List<MemoryMember> members = new ArrayList<>();
    private final ArrayList<Bytes> waiting = new ArrayList<>();
    private long proposed;

    /** Of {@code memberCount} voters, with an elected leader. */
    MemoryGroup(int memberCount) {
        List<Long> voters = LongStream.rangeClosed(1, memberCount).boxed().toList();
        for (long id : voters) {
            members.add(new MemoryMember(id, voters, this::deliver));
        }
        leader().node().campaign();
        settle();
        if (leader().node().leader() != 1) {
            throw new IllegalStateException("member 1 does not lead");
        }
    }

    private MemoryMember leader() {
        return members.getFirst();
    }

    private void deliver(Message message) {
        var ignored = members.get((int) message.to() - 1).node().step(message);
    }

    /** Proposes the next {@code count} commands, each by a call of its own, until every member has applied them. */
    void proposeSingly(Commands commands, int count) {
        for (int i = 0; i < count; i++) {
            leader().propose(commands.singleAt(proposed + i));
        }
        await(count);
    }

    /** Proposes the next {@code count} commands, which have all come, by one call, until every member has applied them. */
    void proposeBatch(Commands commands, int count) {
        for (int i = 0; i < count; i++) {
            waiting.add(commands.at(proposed + i));
        }
        leader().propose(waiting);
        waiting.clear();
        await(count);
    }

    private void await(int count) {
        proposed += count;
        settle();
        for (int i = 0; i < members.size(); i++) {
            long applied = members.get(i).appliedCommands();
            if (applied != proposed) {
                throw new IllegalStateException(
                        applied + " commands applied, but " + proposed + " proposed");
            }
        }
    }

    /** One tick for every member, and all that follows from it. */
    void tick() {
        for (int i = 0; i < members.size(); i++) {
            members.get(i).node().tick();
        }
        settle();
    }

    private void settle() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (int i = 0; i < members.size(); i++) {
                busy |= members.get(i).handleReady();
            }
        }
    }
}
