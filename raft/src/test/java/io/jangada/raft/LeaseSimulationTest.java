// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Lease reads among members that are stopped at random, whose clocks run at different rates within the
 * drift, whose ticks come late or in bursts, over a network that delays, loses and cuts: none is stale.
 */
final class LeaseSimulationTest {
    private static final long TICK = 100;
    private static final long STEPS = 40_000;

    private record Flight(long at, long number, Message message) implements Comparable<Flight> {
        @Override
        public int compareTo(Flight that) {
            int byTime = Long.compare(at, that.at);
            return byTime != 0 ? byTime : Long.compare(number, that.number);
        }
    }

    private static final class Member {
        final TestNode node;
        final double rate;
        final List<Message> inbox = new ArrayList<>();
        long pausedUntil;
        double nextTick;

        Member(long id, double rate) {
            this.rate = rate;
            node = TestNode.of(id, options -> options.readOnly(ReadOnlyMode.LEASE)
                    .checkQuorum(true).preVote(true).leasePromiseNanos(10 * TICK)
                    .leaseDriftPercent(20), 1, 2, 3);
        }
    }

    private final List<Member> members = new ArrayList<>();
    private final PriorityQueue<Flight> flights = new PriorityQueue<>();
    private long flightCount;
    private long now;
    private long cutOff;
    private long reads;
    private long readsInLease;
    private long elections;

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void noReadIsStale(long seed) {
        var random = new Random(seed);
        for (long id = 1; id <= 3; id++) {
            members.add(new Member(id, 0.9 + 0.2 * random.nextDouble()));
        }
        for (long step = 0; step < STEPS; step++) {
            now += 10;
            disturb(random);
            while (!flights.isEmpty() && flights.element().at <= now) {
                Message message = flights.remove().message;
                members.get((int) message.to() - 1).inbox.add(message);
            }
            for (Member member : members) {
                run(member, random);
            }
        }
        assertThat(elections).as("elections, seed %d", seed).isGreaterThan(5);
        assertThat(readsInLease).as("reads in leases, seed %d", seed).isGreaterThan(1_000);
        assertThat(reads).isGreaterThan(readsInLease);
    }

    private void disturb(Random random) {
        if (random.nextInt(200) == 0) {
            cutOff = random.nextInt(5); // One of the three, or nobody.
        }
        if (random.nextInt(300) == 0) {
            Member stopped = members.get(random.nextInt(3));
            stopped.pausedUntil = now + 10L * random.nextInt(400);
        }
    }

    private void run(Member member, Random random) {
        if (member.pausedUntil > now) {
            return; // What comes meanwhile waits; ticks do not come.
        }
        TestNode node = member.node;
        boolean ledBefore = node.raft.roleName() == RoleName.LEADER;
        node.raft.lease().timeIs((long) (now * member.rate));
        member.inbox.forEach(node.raft::step);
        member.inbox.clear();
        if (member.nextTick <= now) {
            node.tick(random.nextInt(10) == 0 ? 3 : 1); // Bursts happen.
            member.nextTick = now + TICK / member.rate;
        }
        if (random.nextInt(20) == 0) {
            node.propose("x");
        }
        if (random.nextInt(400) == 0) {
            node.raft.transferRequests().begin(1 + random.nextInt(3));
        }
        if (node.raft.roleName() == RoleName.LEADER) {
            elections += ledBefore ? 0 : 1;
            read(node);
        }
        for (Message message : node.messages()) {
            boolean lost = message.from() == cutOff || message.to() == cutOff
                    || random.nextInt(50) == 0;
            if (!lost) {
                flights.add(new Flight(now + 10 + 10L * random.nextInt(random.nextInt(30) + 1),
                        flightCount++, message));
            }
        }
        node.raft.readStates().clear();
        node.raft.droppedReads().clear();
    }

    /** A read that is answered at once begins and ends now, so that it must see all that is committed. */
    private void read(TestNode node) {
        long committed = members.stream().mapToLong(one -> one.node.committed()).max().orElse(0);
        node.raft.readStates().clear();
        node.raft.role().readIndex(node.id(), Bytes.EMPTY);
        reads++;
        for (ReadState answer : node.raft.readStates()) {
            readsInLease++;
            assertThat(answer.index()).as("read of %d at %d", node.id(), now)
                    .isGreaterThanOrEqualTo(committed);
        }
    }
}
