// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.HostPort;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.wal.disk.DiskFile;
import io.jangada.wal.disk.MemoryDisk;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How members learn where the others are. */
class MemberAddressesTest {
    private static final Member FOURTH = new Member(4,
            List.of(new HostPort("fourth", 7000), new HostPort("::1", 7001)));
    private static final Duration A_WHILE = Duration.ofSeconds(2);

    @Test
    void addressesSurviveTheirEncoding() {
        List<Member> members = List.of(new Member(1, List.of()), FOURTH);
        assertThat(MemberAddresses.decode(MemberAddresses.encode(members))).isEqualTo(members);
        assertThat(MemberAddresses.decode(MemberAddresses.encode(List.of()))).isEmpty();
    }

    @Test
    void whatIsNoListOfAddressesIsNone() {
        Bytes encoded = MemberAddresses.encode(List.of(FOURTH));
        assertThat(MemberAddresses.decode(Bytes.utf8("a context of the caller's own"))).isEmpty();
        for (int length = 0; length < encoded.size(); length++) {
            assertThat(MemberAddresses.decode(encoded.slice(0, length))).isEmpty();
        }
        byte[] longer = new byte[encoded.size() + 1];
        encoded.copyTo(longer, 0);
        assertThat(MemberAddresses.decode(Bytes.wrap(longer))).isEmpty();
        for (int at = 4; at < encoded.size(); at++) {
            byte[] wrong = encoded.toByteArray();
            wrong[at] = (byte) 0xff;
            assertThat(MemberAddresses.decode(Bytes.wrap(wrong))).hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void aNoteGoesWithTheAddresses() {
        Bytes noted = MemberAddresses.encode(List.of(FOURTH), Bytes.utf8("a note"));
        assertThat(MemberAddresses.decode(noted)).containsExactly(FOURTH);
        assertThat(MemberAddresses.note(noted)).isEqualTo(Bytes.utf8("a note"));
        assertThat(MemberAddresses.note(MemberAddresses.encode(List.of(FOURTH))))
                .isEqualTo(Bytes.EMPTY);
        assertThat(MemberAddresses.note(Bytes.utf8("a context of the caller's own")))
                .isEqualTo(Bytes.EMPTY);
    }

    @Test
    void aRosterSurvivesItsEncoding() {
        Roster roster = new Roster(7, List.of(new Member(1, List.of()), FOURTH));
        assertThat(Roster.decode(roster.encode())).contains(roster);
        assertThat(Roster.decode(Bytes.utf8("what is no roster at all"))).isEmpty();
        assertThat(Roster.decode(roster.encode().slice(0, 30))).isEmpty();
    }

    @Test
    void allMembersHearOfANewAddressAndOfTheNoteWithIt() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        Member moved = new Member(2, List.of(new HostPort("elsewhere", 2)));
        Bytes note = Bytes.utf8("moved");
        List<Bytes> told = new ArrayList<>();
        cluster.node(leader % 3 + 1).addObserver(new RaftObserver() {
            @Override
            public void membershipChanged(ConfState confState, Optional<ConfChange> change) {
                change.ifPresent(one -> told.add(Membership.note(one)));
            }
        });
        cluster.await(() -> cluster.node(leader % 3 + 1).status().leader() == leader, "follows");
        Membership membership = cluster.node(leader % 3 + 1).membership();
        assertThat(cluster.result(membership.update(moved, note)))
                .isInstanceOf(ChangeResult.Done.class);
        cluster.loops.runFor(A_WHILE);
        assertThat(cluster.peers(1).addresses).containsEntry(2L, moved.addresses());
        assertThat(cluster.peers(3).addresses).containsEntry(2L, moved.addresses());
        assertThat(told).containsExactly(note);
        assertThat(cluster.node(leader).status().confState())
                .isEqualTo(ConfState.ofVoters(List.of(1L, 2L, 3L)));
        assertThat(cluster.result(membership.update(FOURTH, note)))
                .isInstanceOfSatisfying(ChangeResult.Refused.class, refused -> assertThat(
                        refused.reason()).isEqualTo(ChangeRefusal.UNKNOWN_MEMBER));
    }

    @Test
    void allMembersLearnTheWayToANewOneAndForgetItWhenItIsGone() throws Exception {
        Cluster cluster = Cluster.of(3);
        long leader = cluster.awaitLeader();
        cluster.start(4, GroupStart.JOIN);
        Membership membership = cluster.node(leader).membership();
        assertThat(cluster.result(membership.addVoter(FOURTH, A_WHILE)))
                .isInstanceOf(ChangeResult.Done.class);
        cluster.loops.runFor(A_WHILE);
        for (long id = 1; id <= 3; id++) {
            assertThat(cluster.peers(id).addresses).containsEntry(4L, FOURTH.addresses());
        }
        assertThat(cluster.peers(4).addresses).doesNotContainKey(4L);

        assertThat(cluster.result(cluster.node(cluster.leader()).membership().remove(4)))
                .isInstanceOf(ChangeResult.Done.class);
        cluster.loops.runFor(A_WHILE);
        for (long id = 1; id <= 3; id++) {
            assertThat(cluster.peers(id).addresses).doesNotContainKey(4L);
        }
    }

    @Test
    void whoJoinsLearnsTheAddressesOfAllWithItsSnapshot() throws Exception {
        Cluster cluster = Cluster.of(3, group -> group.snapshotCount(5).catchUpEntries(0));
        long leader = cluster.awaitLeader();
        cluster.start(4, GroupStart.JOIN);
        assertThat(cluster.result(
                cluster.node(leader).membership().addVoter(FOURTH, A_WHILE)))
                .isInstanceOf(ChangeResult.Done.class);
        for (int i = 0; i < 20; i++) {
            cluster.propose(leader, "line " + i);
        }
        cluster.start(5, GroupStart.JOIN);
        assertThat(cluster.result(cluster.node(cluster.awaitLeader()).membership()
                .addLearner(new Member(5, List.of())))).isInstanceOf(ChangeResult.Done.class);
        cluster.await(() -> cluster.journal(5).lines().size() == 20, "has joined");
        cluster.loops.runFor(A_WHILE);
        assertThat(cluster.peers(5).addresses).containsEntry(4L, FOURTH.addresses());
    }

    @Test
    void addressesAreKnownAfterARestartAlthoughTheLogHasBeenCut() throws Exception {
        Cluster cluster = Cluster.of(3, group -> group.snapshotCount(5).catchUpEntries(0));
        long leader = cluster.awaitLeader();
        cluster.start(4, GroupStart.JOIN);
        assertThat(cluster.result(
                cluster.node(leader).membership().addVoter(FOURTH, A_WHILE)))
                .isInstanceOf(ChangeResult.Done.class);
        for (int i = 0; i < 20; i++) {
            cluster.propose(leader, "line " + i);
        }
        long follower = leader % 3 + 1;
        cluster.await(() -> cluster.node(follower).status().firstIndex() > 15, "log cut");
        cluster.crash(follower);
        cluster.start(follower, GroupStart.NEW);
        assertThat(cluster.peers(follower).addresses).containsEntry(4L, FOURTH.addresses());
    }

    @Test
    void aDamagedFileOfAddressesIsNotUsed() throws Exception {
        MemoryDisk disk = new MemoryDisk();
        Path directory = Path.of("/member/peers");
        AddressFile file = new AddressFile(disk, directory, 1);
        assertThat(file.read()).isEmpty();
        file.write(() -> MemberAddresses.encode(List.of(FOURTH)));
        file.write(() -> MemberAddresses.encode(List.of(new Member(1, List.of()), FOURTH)));
        assertThat(file.read()).containsExactly(new Member(1, List.of()), FOURTH);

        try (DiskFile damaged = disk.open(directory.resolve("1.peers"))) {
            damaged.write(ByteBuffer.wrap(new byte[]{'F'}), damaged.bytes() - 20);
        }
        assertThat(file.read()).isEmpty();
    }

    @Test
    void aFileOfAddressesAboveOneMebibyteIsNotRead() {
        AddressFile file = new AddressFile(new MemoryDisk(), Path.of("/member/peers"), 1);
        List<HostPort> far = List.of(new HostPort("h".repeat(1_000), 1));
        List<Member> members = new ArrayList<>();
        for (long id = 1; id <= 1_000; id++) {
            members.add(new Member(id, far));
        }
        file.write(() -> MemberAddresses.encode(members));
        assertThat(file.read()).isEqualTo(members);
        for (long id = 1_001; id <= 1_100; id++) {
            members.add(new Member(id, far));
        }
        file.write(() -> MemberAddresses.encode(members));
        assertThat(file.read()).isEmpty();
    }
}
