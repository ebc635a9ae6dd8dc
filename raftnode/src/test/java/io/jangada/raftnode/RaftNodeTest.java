// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.DropReason;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class RaftNodeTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(8);
    private static final Duration ONE_TICK = Duration.ofMillis(100);

    @Test
    void threeMembersElectAndApplyTheSame() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        long follower = leader % 3 + 1;

        assertThat(cluster.propose(leader, "a")).isInstanceOf(ProposalResult.Applied.class);
        cluster.await(() -> cluster.node(follower).status().leader() == leader, "follows");
        assertThat(cluster.propose(follower, "b"))
                .isInstanceOfSatisfying(ProposalResult.Applied.class,
                        applied -> assertThat(applied.result()).isEqualTo(2));
        for (long id = 1; id <= 3; id++) {
            Journal journal = cluster.journal(id);
            cluster.await(() -> journal.lines().equals(List.of("a", "b")), "applied everywhere");
        }
    }

    @Test
    void aCrashedLeaderLosesNothingAcknowledged() throws Exception {
        Cluster cluster = Cluster.of(3);
        List<String> acknowledged = new ArrayList<>();
        for (int round = 0; round < 4; round++) {
            long leader = cluster.awaitLeader();
            for (int i = 0; i < 5; i++) {
                String line = round + "." + i;
                assertThat(cluster.propose(leader, line))
                        .isInstanceOf(ProposalResult.Applied.class);
                acknowledged.add(line);
            }
            CompletableFuture<?> unusedFlight = cluster.node(leader)
                    .propose(Journal.line("in flight " + round));
            cluster.crash(leader);
            cluster.awaitLeader();
            cluster.start(leader, GroupStart.NEW);
        }
        cluster.awaitLeader();
        cluster.propose(cluster.leader(), "end");
        for (long id = 1; id <= 3; id++) {
            Journal journal = cluster.journal(id);
            cluster.await(() -> journal.lines().contains("end"), "caught up");
            assertThat(journal.lines()).containsSubsequence(acknowledged);
            assertThat(journal.lines()).isEqualTo(cluster.journal(1).lines());
        }
    }

    @Test
    void allCrashAtOnceAndLoseNothingAcknowledged() throws Exception {
        Cluster cluster = Cluster.of(3);
        for (int i = 0; i < 20; i++) {
            assertThat(cluster.propose(cluster.awaitLeader(), "line " + i))
                    .isInstanceOf(ProposalResult.Applied.class);
        }
        for (long id = 1; id <= 3; id++) {
            cluster.crash(id);
        }
        for (long id = 1; id <= 3; id++) {
            cluster.start(id, GroupStart.NEW);
        }
        cluster.propose(cluster.awaitLeader(), "end");
        for (long id = 1; id <= 3; id++) {
            Journal journal = cluster.journal(id);
            cluster.await(() -> journal.lines().size() == 21, "all lines again");
        }
    }

    @Test
    void aMemberThatWasAwayWhileTheLogWasCutCatchesUpBySnapshot() throws Exception {
        Cluster cluster = Cluster.of(3, group -> group.snapshotCount(20).catchUpEntries(5));
        long leader = cluster.awaitLeader();
        long away = leader % 3 + 1;
        cluster.propose(leader, "first");
        cluster.crash(away);
        for (int i = 0; i < 100; i++) {
            cluster.propose(cluster.awaitLeader(), "line " + i);
        }
        long first = cluster.node(cluster.leader()).status().firstIndex();
        assertThat(first).isGreaterThan(50);

        Cluster.Running back = cluster.start(away, GroupStart.NEW);
        List<AppliedState> restored = new ArrayList<>();
        back.node().addObserver(new RaftObserver() {
            @Override
            public void restored(AppliedState at) {
                restored.add(at);
            }
        });
        cluster.await(() -> back.journal().lines().size() == 101, "caught up");
        assertThat(restored).isNotEmpty();
        assertThat(back.journal().lines())
                .isEqualTo(cluster.journal(cluster.leader()).lines());

        cluster.propose(cluster.awaitLeader(), "after");
        cluster.crash(away);
        Cluster.Running again = cluster.start(away, GroupStart.NEW);
        cluster.await(() -> again.journal().lines().size() == 102, "recovered from file and log");
    }

    /** Found by the simulator's seed 812509. */
    @Test
    void aLogIsNotCutBehindASnapshotThatIsBeingInstalled() throws Exception {
        Cluster cluster = Cluster.of(3, group -> group.snapshotCount(20).catchUpEntries(0));
        long leader = cluster.awaitLeader();
        long follower = leader % 3 + 1;
        cluster.journal(follower).whenNextWritten(() -> {
            cluster.loses = parcel -> parcel.from() == follower || parcel.to() == follower;
            for (int i = 0; i < 30; i++) {
                cluster.propose(leader, "meanwhile " + i);
            }
            cluster.stalls.forcesTake(follower, TIMEOUT); // That of the leader's snapshot.
            cluster.loses = parcel -> false;
            cluster.loops.runFor(ONE_TICK.multipliedBy(5));
            cluster.stalls.forcesTake(follower, Duration.ZERO);
        });
        for (int i = 0; i < 20; i++) {
            cluster.propose(leader, "before " + i);
        }
        cluster.await(() -> cluster.journal(follower).lines().size() == 50, "all applied");
        assertThat(cluster.node(follower).status().stopped()).isFalse();
        assertThat(cluster.propose(cluster.awaitLeader(), "last"))
                .isInstanceOf(ProposalResult.Applied.class);
        cluster.await(() -> cluster.journal(follower).lines().size() == 51, "the last applied");
    }

    @Test
    void aSnapshotThatCannotBeReadAnyMoreIsMadeAnew() throws Exception {
        Cluster cluster = Cluster.of(3, group -> group.snapshotCount(20).catchUpEntries(5));
        long away = cluster.awaitLeader() % 3 + 1;
        cluster.crash(away);
        for (int i = 0; i < 50; i++) {
            cluster.propose(cluster.awaitLeader(), "line " + i);
        }
        Path directory = Path.of("/member/snap");
        int broken = 0;
        for (long id : cluster.running.keySet()) {
            for (String name : cluster.disk(id).list(directory)) {
                cluster.disk(id).breakSector(directory.resolve(name), 0);
                broken++;
            }
        }
        assertThat(broken).isPositive();

        Cluster.Running back = cluster.start(away, GroupStart.NEW);
        cluster.await(() -> back.journal().lines().size() == 50, "caught up");
    }

    @Test
    void aMemberJoinsByChangeOfMembership() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");
        cluster.start(4, GroupStart.JOIN);
        ConfChange change = new ConfChange.V1(0,
                new ConfChangeSingle(ConfChangeType.ADD_NODE, 4), Bytes.utf8("fourth"));
        List<String> contexts = new ArrayList<>();
        cluster.node(leader).addObserver(new RaftObserver() {
            @Override
            public void membershipChanged(ConfState confState,
                    Optional<ConfChange> applied) {
                applied.ifPresent(one -> contexts.add(one.context().toUtf8()));
            }
        });
        assertThat(cluster.result(cluster.node(leader).changeMembership(change)))
                .isInstanceOfSatisfying(MembershipResult.Changed.class,
                        changed -> assertThat(changed.confState().voters())
                                .containsExactly(1L, 2L, 3L, 4L));
        assertThat(contexts).containsExactly("fourth");
        cluster.await(() -> cluster.journal(4).lines().equals(List.of("a")), "the new one has it");
        assertThat(cluster.propose(4, "b")).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void whatMayHaveBeenAppendedEndsAsUnknown() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.hub.isolate(leader);
        CompletableFuture<ProposalResult<Integer>> open = cluster.node(leader)
                .propose(Journal.line("lost?"));
        cluster.loops.runFor(TIMEOUT);
        assertThat(open).isCompletedWithValueMatching(
                result -> result.equals(new ProposalResult.Unknown<Integer>(
                        UnknownCause.TIMED_OUT, 0)));
    }

    @Test
    void whatCouldNotBeForwardedIsRefusedAtOnce() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        long follower = leader % 3 + 1;
        cluster.await(() -> cluster.node(follower).status().leader() == leader, "follows");
        cluster.hub.cut(follower, leader);
        ConfChange change = new ConfChange.V1(0,
                new ConfChangeSingle(ConfChangeType.ADD_NODE, 4), Bytes.EMPTY);
        CompletableFuture<ProposalResult<Integer>> command = cluster.node(follower)
                .propose(Journal.line("no way"));
        CompletableFuture<MembershipResult> membership = cluster.node(follower)
                .changeMembership(change);

        cluster.loops.runFor(Duration.ofMillis(10));
        assertThat(command).isCompletedWithValueMatching(
                result -> result.equals(new ProposalResult.Refused<Integer>(
                        DropReason.NO_LEADER, true, leader)));
        assertThat(membership).isCompletedWithValueMatching(
                result -> result.equals(
                        new MembershipResult.Refused(DropReason.NO_LEADER, leader)));
        cluster.hub.heal();
        cluster.propose(follower, "b");
        assertThat(cluster.journal(follower).lines()).containsExactly("b");
    }

    @Test
    void whatWaitedForALeaderInVainIsRefused() throws Exception {
        Cluster cluster = new Cluster(3, group -> group);
        cluster.start(1, GroupStart.NEW);
        CompletableFuture<ProposalResult<Integer>> open = cluster.node(1)
                .propose(Journal.line("nobody leads"));
        cluster.loops.runFor(TIMEOUT);
        assertThat(open).isCompletedWithValueMatching(
                result -> result.equals(new ProposalResult.Refused<Integer>(
                        DropReason.NO_LEADER, true, 0)));

        cluster.start(2, GroupStart.NEW);
        cluster.propose(cluster.awaitLeader(), "later");
        assertThat(cluster.journal(cluster.leader()).lines()).containsExactly("later");
    }

    @Test
    void readsShareARoundAndSeeWhatWasCommittedBefore() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        long follower = leader % 3 + 1;
        cluster.propose(leader, "a");
        List<CompletableFuture<ReadResult>> reads = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            reads.add(cluster.node(follower).readIndex());
        }
        for (CompletableFuture<ReadResult> read : reads) {
            assertThat(cluster.result(read)).isInstanceOf(ReadResult.Ready.class);
            assertThat(cluster.journal(follower).lines()).containsExactly("a");
        }
    }

    @Test
    void anIsolatedLeaderServesNoStaleRead() throws Exception {
        Cluster cluster = Cluster.of(3);
        long old = cluster.awaitLeader();
        cluster.propose(old, "before");
        cluster.hub.isolate(old);
        CompletableFuture<ReadResult> stale = cluster.node(old).readIndex();
        cluster.await(() -> cluster.leader() != old && cluster.leader() != 0, "a new leader");
        assertThat(cluster.propose(cluster.leader(), "after"))
                .isInstanceOf(ProposalResult.Applied.class);
        assertThat(stale.isDone()).isFalse();
        cluster.hub.heal();
        assertThat(cluster.result(stale)).isInstanceOf(ReadResult.Ready.class);
        assertThat(cluster.journal(old).lines()).containsExactly("before", "after");
    }

    @Test
    void aFailedForceStopsTheMemberAndAcknowledgesNothing() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.awaitLeader();
        cluster.propose(1, "good");
        List<Throwable> failures = new ArrayList<>();
        cluster.node(1).addObserver(new RaftObserver() {
            @Override
            public void stopped(Optional<Throwable> failure) {
                failure.ifPresent(failures::add);
            }
        });
        cluster.loops.runFor(Duration.ofMillis(10));
        cluster.disk(1L).failForces(1);
        assertThat(cluster.propose(1, "bad")).isEqualTo(
                new ProposalResult.Unknown<Integer>(UnknownCause.STOPPED, 1));
        assertThat(failures).hasSize(1);
        assertThat(cluster.node(1).status().stopped()).isTrue();
        assertThat(cluster.propose(1, "later")).isInstanceOf(ProposalResult.Refused.class);
        assertThat(cluster.result(cluster.node(1).readIndex()))
                .isInstanceOf(ReadResult.Refused.class);
        assertThat(cluster.journal(1).lines()).containsExactly("good");
    }

    @Test
    void aHundredProposalsThatWaitNeedOneForce() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.awaitLeader();
        cluster.propose(1, "warm");
        long before = cluster.running(1L).host().forces();
        int batches = cluster.journal(1).batches();
        List<CompletableFuture<ProposalResult<Integer>>> all = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            all.add(cluster.node(1).propose(Journal.line("p" + i)));
        }
        for (CompletableFuture<ProposalResult<Integer>> one : all) {
            assertThat(cluster.result(one)).isInstanceOf(ProposalResult.Applied.class);
        }
        assertThat(cluster.running(1L).host().forces() - before).isEqualTo(1);
        assertThat(cluster.journal(1).batches() - batches).isEqualTo(1);
    }

    @Test
    void leadershipIsHandedOver() throws Exception {
        Cluster cluster = Cluster.of(3);
        long old = cluster.awaitLeader();
        cluster.propose(old, "a");
        long target = old % 3 + 1;
        assertThat(cluster.result(cluster.node(old).transferLeadership(target)))
                .isEqualTo(new TransferResult.Transferred(target));
        cluster.result(cluster.running(target).host().closeAsync());
        cluster.running.remove(target);
        assertThat(cluster.awaitLeader()).isNotEqualTo(target);
    }

    @Test
    void aStoppingLeaderHandsOver() throws Exception {
        Cluster cluster = Cluster.of(3);
        long old = cluster.awaitLeader();
        cluster.propose(old, "a");
        long term = cluster.node(old).status().term();

        assertThat(cluster.stop(old)).isLessThan(ONE_TICK);
        assertThat(cluster.leader()).isNotZero().isNotEqualTo(old);
        assertThat(cluster.node(cluster.leader()).status().term()).isEqualTo(term + 1);
    }

    @Test
    void aLeaderWhoseFollowersAreGoneStopsAtOnce() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");
        cluster.crash(leader % 3 + 1);
        cluster.crash((leader + 1) % 3 + 1);

        assertThat(cluster.stop(leader)).isLessThan(ONE_TICK);
    }

    @Test
    void aLeaderThatIsAloneStopsAtOnce() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.propose(cluster.awaitLeader(), "a");

        assertThat(cluster.stop(1)).isLessThan(ONE_TICK);
    }

    @Test
    void membersThatStopTogetherDoNotWaitForEachOther() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");

        CompletableFuture<?> leaders = cluster.running(leader).host().closeAsync();
        List<CompletableFuture<?>> others = new ArrayList<>();
        for (long id = 1; id <= 3; id++) {
            others.add(cluster.running(id).host().closeAsync());
        }
        cluster.loops.runFor(ONE_TICK.multipliedBy(2));
        assertThat(others).allMatch(CompletableFuture::isDone);
        assertThat(leaders).isCompleted();
    }

    @Test
    void aHandOverThatNobodyAnswersIsGivenUpAfterASecond() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.propose(leader, "a");
        for (long id = 1; id <= 3; id++) {
            cluster.hub.cut(id, leader);
        }

        assertThat(cluster.stop(leader)).isBetween(Duration.ofMillis(900), Duration.ofSeconds(1));
    }

    @Test
    void aChangeThatNoConfigurationFollowsFromIsRefusedAndHarmsNobody() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.awaitLeader();
        assertThat(cluster.result(cluster.node(1).changeMembership(
                new ConfChange.V1(0, new ConfChangeSingle(ConfChangeType.REMOVE_NODE, 1),
                        Bytes.EMPTY))))
                .isInstanceOfSatisfying(MembershipResult.Invalid.class,
                        invalid -> assertThat(invalid.explanation()).contains("voter"));
        assertThat(cluster.propose(1, "goes on")).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void aFullDiskRefusesProposalsAndGoesOnWhenThereIsRoom() throws Exception {
        Cluster cluster = Cluster.of(1);
        cluster.awaitLeader();
        List<Boolean> full = new ArrayList<>();
        cluster.node(1).addObserver(new RaftObserver() {
            @Override
            public void diskFull(boolean now) {
                full.add(now);
            }
        });
        cluster.disk(1L).capacityBytes(3 << 16);
        List<CompletableFuture<ProposalResult<Integer>>> taken = new ArrayList<>();
        for (int i = 0; i < 40 && full.isEmpty(); i++) {
            taken.add(cluster.node(1).propose(Journal.line("x".repeat(10_000))));
            cluster.loops.runFor(Duration.ofMillis(1));
        }
        assertThat(full).containsExactly(true);
        assertThat(cluster.propose(1, "refused")).isEqualTo(
                new ProposalResult.Refused<Integer>(DropReason.DISK_FULL, true, 1));
        assertThat(cluster.result(cluster.node(1).changeMembership(
                new ConfChange.V1(0, new ConfChangeSingle(ConfChangeType.ADD_LEARNER_NODE, 9),
                        Bytes.EMPTY))))
                .as("there is room for what matters more")
                .isInstanceOf(MembershipResult.Changed.class);
        assertThat(cluster.result(cluster.node(1).readIndex()))
                .isInstanceOf(ReadResult.Ready.class);

        cluster.disk(1L).capacityBytes(Long.MAX_VALUE);
        for (CompletableFuture<ProposalResult<Integer>> one : taken) {
            assertThat(cluster.result(one)).isInstanceOf(ProposalResult.Applied.class);
        }
        cluster.await(() -> full.equals(List.of(true, false)), "room again");
        assertThat(cluster.propose(1, "again")).isInstanceOf(ProposalResult.Applied.class);
    }
}
