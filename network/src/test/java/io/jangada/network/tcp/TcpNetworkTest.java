// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.HostPort;
import io.jangada.network.ListenException;
import io.jangada.network.PeerStats;
import io.jangada.network.RecordingListener;
import io.jangada.network.Samples;
import io.jangada.network.tcp.Members.Member;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TcpNetworkTest {
    private static final long GROUP = 3;

    private final Members members = new Members();

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void messagesArriveInOrder() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        Members.introduce(1, one, 2, two);

        for (int i = 1; i <= 10_000; i++) {
            one.network().send(GROUP, Samples.numbered(1, 2, i));
        }

        for (int i = 1; i <= 10_000; i++) {
            assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, i));
        }
        assertThat(two.heard().groups).containsOnly(GROUP);
        PeerStats stats = one.network().stats().get(0);
        assertThat(stats.isConnected()).isTrue();
        assertThat(stats.sent().messages()).isEqualTo(10_000);
        assertThat(stats.dropped().messages()).isZero();
        assertThat(stats.queued()).isEqualTo(PeerStats.Traffic.NONE);
    }

    @Test
    void everyKindArrivesInBothDirectionsOnNio() throws Exception {
        try (Members onNio = Members.onNio()) {
            Member one = onNio.start(1);
            Member two = onNio.start(2);
            Members.introduce(1, one, 2, two);
            List<Message> toTwo = Samples.messages().stream()
                    .filter(m -> m.from() == 1 && m.to() == 2).toList();

            toTwo.forEach(message -> one.network().send(GROUP, message));
            two.network().send(GROUP, Samples.numbered(2, 1, 1));

            var received = new ArrayList<Message>();
            for (int i = 0; i < toTwo.size(); i++) {
                received.add(two.heard().next());
            }
            assertThat(lane(true, received)).isEqualTo(lane(true, toTwo));
            assertThat(lane(false, received)).isEqualTo(lane(false, toTwo));
            assertThat(one.heard().next()).isEqualTo(Samples.numbered(2, 1, 1));
        }
    }

    @Test
    void aNoteSentWhenThePeerConnectsComesBeforeTheMessagesThatWait() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        one.heard().onConnected = peer -> one.network().sendNote(peer, Bytes.utf8("first"));
        one.network().send(GROUP, Samples.numbered(1, 2, 1));
        Members.introduce(1, one, 2, two);

        assertThat(RecordingListener.next(two.heard().notes)).isEqualTo(Bytes.utf8("first"));
        assertThat(RecordingListener.next(one.heard().connected)).isEqualTo(2);
        assertThatThrownBy(
                () -> one.network().sendNote(2, Bytes.wrap(new byte[(64 << 10) + 1])))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("65537");
    }

    @Test
    void aNoteIsAnsweredOnTheConnectionThatItCameBy() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        two.heard().onNote = reply -> reply.accept(Bytes.utf8("answer"));
        Members.introduce(1, one, 2, two);
        assertThat(RecordingListener.next(one.heard().connected)).isEqualTo(2);
        one.network().sendNote(2, Bytes.utf8("question"));
        assertThat(RecordingListener.next(one.heard().notes)).isEqualTo(Bytes.utf8("answer"));
        one.network().sendNote(2, Bytes.utf8("once more"));
        assertThat(RecordingListener.next(one.heard().notes)).isEqualTo(Bytes.utf8("answer"));
    }

    @Test
    void aMessageLargerThanABatchArrives() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        Members.introduce(1, one, 2, two);

        one.network().send(GROUP, append(3 << 20));
        one.network().send(GROUP, Samples.numbered(1, 2, 1));

        assertThat(two.heard().next()).isEqualTo(append(3 << 20));
        assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, 1));
    }

    @Test
    void aMessageLargerThanAFrameIsDropped() throws Exception {
        TcpLimits limits = Members.LIMITS
                .withSnapshots(new TcpLimits.Snapshots(1024, 4, 1, 1, 0)).withFrameBytesMax(4096);
        Member one = members.start(1, limits);
        Member two = members.start(2);
        Members.introduce(1, one, 2, two);

        one.network().send(GROUP, append(4096));
        one.network().send(GROUP, Samples.numbered(1, 2, 1));

        assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, 1));
        assertThat(one.network().stats().get(0).dropped().messages()).isEqualTo(1);
        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);
    }

    @Test
    void aRestartedPeerIsReachedAgain() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        Members.introduce(1, one, 2, two);
        one.network().send(GROUP, Samples.numbered(1, 2, 1));
        two.heard().next();

        two.network().close();
        one.network().send(GROUP, Samples.numbered(1, 2, 2));
        sendUntilUnreachable(one);
        Member again = members.start(new TcpIdentity(Members.CLUSTER, 2), two.address(),
                Members.LIMITS);
        again.network().addPeer(Members.peer(1, one.address()));

        sendUntilReceived(one, again);
        assertThat(one.network().stats().get(0).connection().connects()).isEqualTo(2);
    }

    @Test
    void aPeerIsReachedAtItsNewAddress() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        one.network().addPeer(Members.peer(2, new HostPort("127.0.0.1", 1)));
        one.network().send(GROUP, Samples.numbered(1, 2, 1));
        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);

        one.network().updatePeer(Members.peer(2, two.address()));
        sendUntilReceived(one, two);
    }

    @Test
    void anAttemptAtAnOldAddressIsGivenUp() throws Exception {
        TcpLimits patient = Members.LIMITS
                .withTimes(new TcpLimits.Times(60_000, 60_000, 60_000, 20, 1_000, 60_000));
        try (ServerSocket server = serverSocket()) {
            Member one = members.start(1, patient);
            Member two = members.start(2);
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer old = RawPeer.accept(server)) {
                one.network().updatePeer(Members.peer(2, two.address()));

                assertThat(old.isClosedByOther()).isTrue();
                sendUntilReceived(one, two);
                assertThat(one.network().stats().get(0).connection().connects()).isEqualTo(1);
            }
        }
    }

    @Test
    void ofManyNewAddressesOnlyTheLastIsTried() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        one.network().addPeer(Members.peer(2, new HostPort("127.0.0.1", 1)));
        var busy = new CountDownLatch(1);
        var begun = new CountDownLatch(1);
        members.loop().execute(() -> {
            begun.countDown();
            try {
                busy.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        begun.await();
        for (int i = 0; i < 1_000; i++) {
            one.network().updatePeer(Members.peer(2, new HostPort("127.0.0.1", 1 + i % 2)));
        }
        one.network().updatePeer(Members.peer(2, two.address()));
        assertThat(members.loop().pendingTasks()).isLessThan(10);

        busy.countDown();
        sendUntilReceived(one, two);
    }

    @Test
    void aPeersSecondAddressIsTried() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        one.network().addPeer(Members.peer(2, new HostPort("127.0.0.1", 1), two.address()));

        sendUntilReceived(one, two);
    }

    @Test
    void anOutageIsToldOnceAndLeavesNothingBehind() throws Exception {
        Member one = members.start(1);
        one.network().addPeer(Members.peer(2, new HostPort("127.0.0.1", 1)));
        one.network().send(GROUP, Samples.numbered(1, 2, 1));
        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);

        for (int i = 2; i <= 100; i++) {
            one.network().send(GROUP, Samples.numbered(1, 2, i));
        }
        one.network().send(GROUP + 1, Samples.numbered(1, 2, 101));

        // The last is dropped, and so are those that came before it.
        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);
        assertThat(one.network().stats().get(0).dropped().messages()).isEqualTo(101);
        assertThat(one.heard().dropped).hasSize(101);
        assertThat(one.network().stats().get(0).queued()).isEqualTo(PeerStats.Traffic.NONE);
        one.network().close();
        assertThat(one.heard().unreachable).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyMessageIsSentOrDroppedWhileThePeerFlaps(long seed) throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        Member again = members.start(new TcpIdentity(Members.CLUSTER, 2), Members.LIMITS);
        one.network().addPeer(Members.peer(2, two.address()));
        int senders = 3;
        long each = 20_000;
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < senders; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int n = 1; n <= each; n++) {
                    one.network().send(GROUP, Samples.numbered(1, 2, n));
                }
            }));
        }
        var random = new Random(seed);
        while (threads.stream().anyMatch(Thread::isAlive)) {
            one.network().updatePeer(Members.peer(2, switch (random.nextInt(3)) {
                case 0 -> two.address();
                case 1 -> again.address();
                default -> new HostPort("127.0.0.1", 1);
            }));
            for (int spins = random.nextInt(10_000); spins > 0; spins--) {
                Thread.onSpinWait();
            }
        }
        one.network().updatePeer(Members.peer(2, two.address()));

        // What still waits is sent or dropped without another send to push it.
        await(() -> {
            PeerStats now = one.network().stats().get(0);
            return now.sent().messages() + now.dropped().messages() >= senders * each;
        });
        PeerStats stats = one.network().stats().get(0);
        assertThat(stats.sent().messages() + stats.dropped().messages())
                .isEqualTo(senders * each);
        assertThat(stats.queued()).isEqualTo(PeerStats.Traffic.NONE);
        sendUntilReceived(one, two);
    }

    @Test
    void aPeerThatDoesNotReadFillsItsQueueAndHarmsNoOther() throws Exception {
        TcpLimits limits = Members.LIMITS.withQueue(new TcpLimits.Queue(64, 512 << 10, 64));
        try (ServerSocket server = serverSocket()) {
            Member one = members.start(1, limits);
            Member three = members.start(3);
            one.network().addPeer(Members.peer(3, three.address()));
            sendUntilReceived(one, three, 3);
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer stuck = RawPeer.accept(server).welcome(2)) {
                // Far more than the kernel's buffers and the queue hold.
                int offered = 2_000;
                Message large = append(64 << 10);
                for (int i = 0; i < offered; i++) {
                    one.network().send(GROUP, large);
                }

                PeerStats toTwo = one.network().stats().get(0);
                assertThat(toTwo.dropped().messages()).isPositive();
                assertThat(toTwo.queued().bytes()).isLessThanOrEqualTo(512 << 10);
                assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);
                one.network().send(GROUP, Samples.numbered(1, 3, 99));
                assertThat(three.heard().next()).isEqualTo(Samples.numbered(1, 3, 99));
                assertThat(stuck.receive().kind()).isEqualTo(FrameKind.MESSAGE);
                PeerStats after = one.network().stats().get(0);
                assertThat(after.sent().messages()).isLessThan(offered);
                assertThat(after.isConnected()).isTrue();
            }
        }
    }

    /** Appends fill the queue of a peer that does not read; what was sent last comes first. */
    @Test
    void aHeartbeatOvertakesTheAppendsThatWaitAndIsNeverDroppedForThem() throws Exception {
        TcpLimits limits = Members.LIMITS.withQueue(new TcpLimits.Queue(64, 64L << 20, 64))
                .withTimes(new TcpLimits.Times(60_000, 60_000, 60_000, 20, 1_000, 60_000));
        try (ServerSocket server = serverSocket()) {
            Member one = members.start(1, limits);
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer slow = RawPeer.accept(server).welcome(2)) {
                Message large = append(256 << 10);
                do {
                    one.network().send(GROUP, large);
                } while (one.heard().dropped.isEmpty());
                var heartbeat = new Message.Heartbeat(1, 2, 1, 0, 7);
                one.network().send(GROUP, heartbeat);
                assertThat(one.heard().dropped).doesNotContain(heartbeat);
                long waiting = one.network().stats().get(0).queued().messages();

                int before = 0;
                while (slow.receiveBytes() > 1_000) {
                    before++;
                }
                int after = 0;
                while (after < waiting - 1) {
                    assertThat(slow.receiveBytes()).isGreaterThan(1_000);
                    after++;
                }
                assertThat(one.network().stats().get(0).sent().messages())
                        .isEqualTo(before + 1 + after);
            }
        }
    }

    @Test
    void aPeerThatReadsButNeverAnswersIsGivenUp() throws Exception {
        TcpLimits limits = Members.LIMITS
                .withTimes(new TcpLimits.Times(2_000, 5_000, 100, 20, 1_000, 30_000));
        try (ServerSocket server = serverSocket()) {
            Member one = members.start(1, limits);
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer silent = RawPeer.accept(server).welcome(2)) {
                assertThat(silent.receive().kind()).isEqualTo(FrameKind.PING);
                assertThat(silent.isClosedByOther()).isTrue();
            }
            // It tries again, by itself.
            try (RawPeer again = RawPeer.accept(server).welcome(2)) {
                assertThat(again.receive().kind()).isEqualTo(FrameKind.PING);
                assertThat(one.network().stats().get(0).connection().lastFailure())
                        .contains("nothing heard");
            }
        }
    }

    @Test
    void aPeerThatFallsSilentIsGivenUp() throws Exception {
        TcpLimits limits = Members.LIMITS
                .withTimes(new TcpLimits.Times(2_000, 5_000, 100, 20, 1_000, 30_000));
        Member one = members.start(1, limits);
        try (RawPeer silent = RawPeer.connect(one.address())
                .handshake(new Hello(Members.CLUSTER, 2, 1, StreamKind.MESSAGES))) {
            assertThat(silent.isClosedByOther()).isTrue();
        }
    }

    @Test
    void idleConnectionsStayUp() throws Exception {
        TcpLimits limits = Members.LIMITS
                .withTimes(new TcpLimits.Times(20_000, 20_000, 6_000, 20, 1_000, 30_000));
        try (ServerSocket server = serverSocket()) {
            Member one = members.start(1, limits);
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer two = RawPeer.accept(server).welcome(2)) {
                for (int i = 0; i < 2; i++) {
                    assertThat(two.receive().kind()).isEqualTo(FrameKind.PING);
                    two.send(FrameKind.PONG, ByteBuffer.allocate(0));
                }
                assertThat(one.network().stats().get(0).connection().connects()).isEqualTo(1);
            }
        }
    }

    @Test
    void whatABusyMemberRefusesIsCounted() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        Members.introduce(1, one, 2, two);
        sendUntilReceived(one, two);
        long before = two.network().stats().get(0).received().messages();

        two.heard().busy = true;
        one.network().send(GROUP, Samples.numbered(1, 2, 50));
        await(() -> two.network().stats().get(0).refused().messages() > 0);
        two.heard().busy = false;
        one.network().send(GROUP, Samples.numbered(1, 2, 51));

        assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, 51));
        assertThat(two.network().stats().get(0).refused().messages()).isEqualTo(1);
        assertThat(before).isPositive();
    }

    @Test
    void whatCameBeforeThePeerWasAddedGoesOnCountedForIt() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        one.network().addPeer(Members.peer(2, two.address()));
        sendUntilReceived(one, two);

        two.network().addPeer(Members.peer(1, one.address()));
        one.network().send(GROUP, Samples.numbered(1, 2, 50));
        one.network().send(GROUP, Samples.numbered(1, 2, 51));

        // A message is counted after it was handed over.
        assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, 50));
        assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, 51));
        assertThat(two.network().stats().get(0).received().messages()).isPositive();
    }

    @Test
    void anAddressInUseIsNamed() throws Exception {
        Member one = members.start(1);

        assertThatThrownBy(() -> members.start(new TcpIdentity(Members.CLUSTER, 2), one.address(),
                Members.LIMITS)).isInstanceOfSatisfying(ListenException.class,
                        e -> assertThat(e.address()).isEqualTo(one.address()))
                .hasMessage("cannot listen on " + one.address() + ": address already in use");
    }

    @Test
    void aPeerIsFoundByName() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        int port = two.address().port();
        one.network().addPeer(Members.peer(2, new HostPort("localhost", port)));
        sendUntilReceived(one, two);
    }

    @Test
    void aNameThatNobodyHasIsAFailureLikeOthers() throws Exception {
        Member one = members.start(1);
        String tooLong = "n".repeat(300);
        one.network().addPeer(Members.peer(2, new HostPort(tooLong, 1)));
        one.network().send(GROUP, Samples.numbered(1, 2, 1));

        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);
        assertThat(one.network().stats().get(0).connection().lastFailure())
                .contains("cannot look up " + tooLong);
    }

    @Test
    void aMemberIsNoPeerOfItself() throws Exception {
        Member one = members.start(1);

        assertThatThrownBy(() -> one.network().addPeer(Members.peer(1, one.address())))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void anUnknownPeerIsUnreachable() throws Exception {
        Member one = members.start(1);

        one.network().send(GROUP, Samples.numbered(1, 9, 1));

        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(9);
        assertThat(one.heard().dropped).containsExactly(Samples.numbered(1, 9, 1));
    }

    private static List<Message> lane(boolean urgent, List<Message> messages) {
        return messages.stream().filter(m -> PeerQueue.isUrgent(m) == urgent).toList();
    }

    private static void sendUntilReceived(Member from, Member to) throws InterruptedException {
        sendUntilReceived(from, to, 2);
    }

    private static void sendUntilReceived(Member from, Member to, long id)
            throws InterruptedException {
        do {
            from.network().send(GROUP, Samples.numbered(1, id, 1));
        } while (to.heard().received.poll(10, TimeUnit.MILLISECONDS) == null);
        // What was sent once too often has arrived before this.
        from.network().send(GROUP, Samples.numbered(1, id, 2));
        Message last = Samples.numbered(1, id, 2);
        Message next;
        do {
            next = to.heard().next();
        } while (!next.equals(last));
    }

    private static void sendUntilUnreachable(Member from) throws InterruptedException {
        while (from.heard().unreachable.poll(10, TimeUnit.MILLISECONDS) == null) {
            from.network().send(GROUP, Samples.numbered(1, 2, 2));
        }
    }

    /** Looks until {@code condition} holds, or the test's time is up. */
    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Thread.onSpinWait();
        }
    }

    private static Message append(int bytes) {
        return new Message.AppendRequest(1, 2, 1, EntryId.ZERO,
                List.of(new Entry(1, 1, EntryType.NORMAL, Bytes.wrap(new byte[bytes]))), 0);
    }

    private static ServerSocket serverSocket() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}
