// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * One of three members has a disk that hangs within a force, or is slow at each; a client goes on proposing to
 * whoever leads.
 */
class StalledDiskTest {
    private static final Duration HANG = Duration.ofSeconds(30);
    private static final Duration HAND_OVER_MAX = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** An acknowledged proposal. */
    private record Write(String line, Duration asked, Duration answered) {
        Duration took() {
            return answered.minus(asked);
        }
    }

    private record Leading(long leader, Duration since) {}

    private final Cluster cluster = new Cluster(3, builder -> builder);
    private final EventLoop client = cluster.loops.loop("client", thrown -> {
        throw new AssertionError(thrown);
    });
    private final List<Write> writes = new ArrayList<>();
    private final List<Leading> leaders = new ArrayList<>();
    private final List<Duration> told = new ArrayList<>();
    private long leader;
    private long follower;

    @BeforeEach
    void start() throws IOException {
        for (long id = 1; id <= 3; id++) {
            cluster.start(id, GroupStart.NEW);
        }
        leader = cluster.awaitLeader();
        follower = leader % 3 + 1;
        go(0);
        cluster.loops.runFor(Duration.ofSeconds(2));
        assertThat(writes).hasSizeGreaterThan(90);
    }

    private Duration now() {
        return Duration.ofNanos(cluster.loops.clock().nanos());
    }

    private void go(int number) {
        long to = cluster.leader();
        if (leaders.isEmpty() || leaders.getLast().leader() != to) {
            leaders.add(new Leading(to, now()));
        }
        if (to != 0) {
            String line = "line " + number;
            Duration asked = now();
            CompletableFuture<?> unusedEnd = cluster.node(to).propose(Journal.line(line))
                    .thenAccept(result -> {
                        if (result instanceof ProposalResult.Applied) {
                            writes.add(new Write(line, asked, now()));
                        }
                    });
        }
        client.schedule(() -> go(number + 1), PAUSE.toNanos());
    }

    /** Lets {@code member} hang for a while, or be slow for as long; returns when that began. */
    private Duration stall(long member, Duration force) {
        cluster.node(member).addObserver(new RaftObserver() {
            @Override
            public void diskSlow(Duration took) {
                told.add(now());
            }
        });
        Duration begun = now();
        cluster.stalls.forcesTake(member, force);
        cluster.loops.runFor(HANG);
        cluster.stalls.forcesTake(member, Duration.ZERO);
        return begun;
    }

    private void assertNothingIsLost() {
        cluster.loops.runFor(Duration.ofSeconds(10));
        List<String> lines = cluster.journal(1).lines();
        assertThat(lines).containsAll(writes.stream().map(Write::line).toList());
        for (long id = 2; id <= 3; id++) {
            assertThat(cluster.journal(id).lines()).as("member " + id).isEqualTo(lines);
        }
    }

    @Test
    void aLeaderWhoseForceHangsHandsOverWithinFiveSeconds() {
        Duration begun = stall(leader, HANG);
        Duration end = begun.plus(HANG);
        Leading next = leaders.stream().filter(
                one -> one.since().compareTo(begun) > 0 && one.leader() != 0).findFirst()
                .orElseThrow();
        assertThat(next.leader()).isNotEqualTo(leader);
        assertThat(next.since().minus(begun)).isLessThan(HAND_OVER_MAX);
        assertThat(leaders).last().as("it leads until the end of the hang").isEqualTo(next);
        assertThat(told).first().satisfies(
                first -> assertThat(first.minus(begun)).isLessThan(Duration.ofSeconds(1)));

        Duration last = begun;
        for (Write write : writes) {
            if (write.answered().compareTo(begun) > 0 && write.answered().compareTo(end) < 0) {
                assertThat(write.answered().minus(last)).as("without an answer before %s", write)
                        .isLessThan(HAND_OVER_MAX);
                last = write.answered();
            }
        }
        assertThat(end.minus(last)).isLessThan(Duration.ofSeconds(1));
        assertNothingIsLost();
    }

    @Test
    void aFollowerWhoseForceHangsSlowsNobody() {
        int before = writes.size();
        Duration begun = stall(follower, HANG);
        assertThat(leaders).hasSize(1);
        assertThat(writes.size() - before).isGreaterThan((int) HANG.dividedBy(PAUSE) - 10);
        assertThat(writes).allSatisfy(
                write -> assertThat(write.took()).isLessThan(Duration.ofMillis(100)));
        assertThat(told).first().satisfies(
                first -> assertThat(first.minus(begun)).isLessThan(Duration.ofSeconds(1)));
        assertNothingIsLost();
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 300, 2_000})
    void aFollowerThatIsSlowAtEachForceSlowsNobody(int millis) {
        int before = writes.size();
        stall(follower, Duration.ofMillis(millis));
        assertThat(leaders).hasSize(1);
        assertThat(writes.size() - before).isGreaterThan((int) HANG.dividedBy(PAUSE) - 10);
        assertThat(writes).allSatisfy(
                write -> assertThat(write.took()).isLessThan(Duration.ofMillis(100)));
        assertNothingIsLost();
    }

    @ParameterizedTest
    @ValueSource(ints = {50, 300, 2_000})
    void aLeaderThatIsSlowAtEachForceKeepsAnsweringOrHandsOver(int millis) {
        Duration begun = stall(leader, Duration.ofMillis(millis));
        Duration last = begun;
        for (Write write : writes) {
            if (write.answered().compareTo(begun) > 0) {
                assertThat(write.answered().minus(last)).as("without an answer before %s", write)
                        .isLessThan(HAND_OVER_MAX);
                last = write.answered();
            }
        }
        assertThat(begun.plus(HANG).minus(last)).isLessThan(HAND_OVER_MAX);
        assertNothingIsLost();
    }
}
