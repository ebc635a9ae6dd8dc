// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.HostPort;
import io.jangada.network.MemorySource;
import io.jangada.network.RecordingListener;
import io.jangada.network.Samples;
import io.jangada.network.SnapshotSource;
import io.jangada.network.tcp.Members.Member;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TcpSnapshotTest {
    private static final Message.InstallSnapshot INSTALL = new Message.InstallSnapshot(1, 2, 5,
            new Snapshot(new EntryId(4, 100), ConfState.ofVoters(List.of(1L, 2L)), Bytes.EMPTY));
    private static final Hello HELLO = new Hello(Members.CLUSTER, 1, 2, StreamKind.SNAPSHOT);

    private final Members members = new Members();
    private Member one;
    private Member two;

    @BeforeEach
    void start() throws Exception {
        one = members.start(1);
        two = members.start(2);
        Members.introduce(1, one, 2, two);
    }

    @AfterEach
    void close() {
        members.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 256 << 10, (256 << 10) + 1, 10 << 20})
    void arrivesByteForByte(int size) throws Exception {
        var source = new MemorySource(size, Long.MAX_VALUE);

        assertThat(await(send(source))).isTrue();

        assertThat(RecordingListener.next(two.heard().snapshots)).isEqualTo(source.bytes());
        assertThat(await(two.heard().header)).isEqualTo(INSTALL);
        assertThat(await(source.closed)).isTrue();
        assertThat(two.heard().aborted).isNotDone();
    }

    @Test
    void messagesDoNotQueueBehindIt() throws Exception {
        var reading = new CountDownLatch(1);
        var source = new HeldSource(reading);
        CompletableFuture<Boolean> delivered = send(source);

        one.network().send(1, Samples.numbered(1, 2, 1));
        assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, 1));
        assertThat(delivered).isNotDone();

        reading.countDown();
        assertThat(await(delivered)).isTrue();
    }

    @Test
    void whoeverRefusesItIsHeard() throws Exception {
        two.heard().wantsNone = true;
        var source = new MemorySource(1000, Long.MAX_VALUE);

        assertThat(await(send(source))).isFalse();
        assertThat(await(source.closed)).isTrue();
    }

    @Test
    void whoeverRejectsItAtTheEndIsHeard() throws Exception {
        two.heard().rejects = true;

        assertThat(await(send(new MemorySource(1000, Long.MAX_VALUE)))).isFalse();
    }

    @Test
    void aFailingSinkEndsIt() throws Exception {
        two.heard().failsAt = 1 << 20;
        var source = new MemorySource(10 << 20, Long.MAX_VALUE);

        assertThat(await(send(source))).isFalse();
        assertThat(await(two.heard().aborted)).isTrue();
        assertThat(await(source.closed)).isTrue();
    }

    @Test
    void aFailingSourceEndsIt() throws Exception {
        var source = new MemorySource(10 << 20, 1 << 20);

        assertThat(await(send(source))).isFalse();
        assertThat(await(two.heard().aborted)).isTrue();
        assertThat(await(source.closed)).isTrue();
    }

    @Test
    void anAbsentPeerIsKnownNotToHaveIt() throws Exception {
        one.network().updatePeer(Members.peer(2, new HostPort("127.0.0.1", 1)));
        var source = new MemorySource(10, Long.MAX_VALUE);
        assertThat(await(send(source))).isFalse();
        assertThat(await(source.closed)).isTrue();

        one.network().removePeer(2);
        var unknown = new MemorySource(10, Long.MAX_VALUE);
        assertThat(await(send(unknown))).isFalse();
        assertThat(await(unknown.closed)).isTrue();
    }

    @Test
    void aClosedNetworkEndsIt() throws Exception {
        var reading = new CountDownLatch(1);
        var source = new HeldSource(reading);
        CompletableFuture<Boolean> delivered = send(source);
        assertThat(await(source.started)).isTrue();

        one.network().close();

        assertThat(await(delivered)).isFalse();
        assertThat(await(two.heard().aborted)).isTrue();
        assertThat(source.closed).as("not while it is read").isNotDone();
        reading.countDown();
        assertThat(await(source.closed)).isTrue();
    }

    @Test
    void moreThanTheLimitFailAtOnce() throws Exception {
        var reading = new CountDownLatch(1);
        int max = Members.LIMITS.snapshots().sendsMax();
        var running = new ArrayList<CompletableFuture<Boolean>>();
        for (int i = 0; i < max; i++) {
            running.add(send(new HeldSource(reading)));
        }

        assertThat(await(send(new MemorySource(1, Long.MAX_VALUE)))).isFalse();

        reading.countDown();
        for (CompletableFuture<Boolean> each : running) {
            assertThat(await(each)).isTrue();
        }
        assertThat(await(send(new MemorySource(1, Long.MAX_VALUE)))).isTrue();
    }

    @Test
    void aBrokenTransferGoesOnWhereItEnded() throws Exception {
        two.heard().keeps = true;
        two.heard().failsAt = 1 << 20;
        var source = new MemorySource(3 << 20, Long.MAX_VALUE);
        assertThat(await(send(source))).isFalse();
        assertThat(await(two.heard().aborted)).isTrue();
        assertThat(two.heard().partial.get().size()).isEqualTo(1 << 20);

        two.heard().failsAt = Long.MAX_VALUE;
        var again = new MemorySource(3 << 20, Long.MAX_VALUE);
        assertThat(await(send(again))).isTrue();

        assertThat(again.firstRead).hasValue(1 << 20);
        assertThat(RecordingListener.next(two.heard().snapshots)).isEqualTo(source.bytes());
    }

    @Test
    void anotherContentBeginsAtItsBeginning() throws Exception {
        two.heard().keeps = true;
        two.heard().failsAt = 1 << 20;
        assertThat(await(send(new MemorySource(3 << 20, Long.MAX_VALUE)))).isFalse();
        assertThat(await(two.heard().aborted)).isTrue();

        two.heard().failsAt = Long.MAX_VALUE;
        var other = new MemorySource((3 << 20) + 1, Long.MAX_VALUE);
        assertThat(await(send(other))).isTrue();

        assertThat(other.firstRead).hasValue(0);
        assertThat(RecordingListener.next(two.heard().snapshots)).isEqualTo(other.bytes());
    }

    /** 3 MiB at 12 MiB a second: a quarter of a second, less the part that goes at once. */
    @Test
    void theRateIsNotExceeded() throws Exception {
        Member three = members.start(3, Members.LIMITS.withSnapshots(
                Members.LIMITS.snapshots().withBytesPerSecondMax(12 << 20)));
        three.network().addPeer(Members.peer(2, two.address()));
        var delivered = new CompletableFuture<Boolean>();
        long begun = System.nanoTime();
        three.network().sendSnapshot(1, new Message.InstallSnapshot(3, 2, 5,
                INSTALL.snapshot()), new MemorySource(3 << 20, Long.MAX_VALUE),
                delivered::complete);

        assertThat(await(delivered)).isTrue();
        assertThat(System.nanoTime() - begun)
                .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(250 * 11 / 12));
    }

    @Test
    void partsBeforeTheRecipientHasSaidWhereToBeginAreOutOfPlace() throws Exception {
        try (RawPeer sender = RawPeer.connect(two.address()).handshake(HELLO)) {
            byte[] begin = RawPeer.bytes(FrameKind.SNAPSHOT_BEGIN, begin(INSTALL, 10));
            byte[] part = RawPeer.bytes(FrameKind.SNAPSHOT_PART, part(0, 10));
            sender.send(ByteBuffer.allocate(begin.length + part.length).put(begin).put(part)
                    .array());
            assertThat(sender.isClosedByOther()).isTrue();
        }
        assertThat(two.heard().snapshots).isEmpty();
    }

    @Test
    void aSlowCompletionIsNoStall() throws Exception {
        TcpLimits limits = Members.LIMITS
                .withTimes(new TcpLimits.Times(2_000, 5_000, 5_000, 20, 1_000, 400));
        two = members.start(5, limits);
        two.heard().completing = new CountDownLatch(1);
        var install = new Message.InstallSnapshot(1, 5, 5, INSTALL.snapshot());
        try (RawPeer sender = RawPeer.connect(two.address())
                .handshake(new Hello(Members.CLUSTER, 1, 5, StreamKind.SNAPSHOT))) {
            sender.send(FrameKind.SNAPSHOT_BEGIN, begin(install, 10));
            sender.send(FrameKind.SNAPSHOT_PART, part(0, 10));
            sender.send(FrameKind.SNAPSHOT_END, ByteBuffer.allocate(8).putLong(10).flip());
            // Two for the beginning and the part, the others beyond the time to stall.
            for (int i = 0; i < 2 + 6; i++) {
                assertThat(sender.receive().kind()).isEqualTo(FrameKind.SNAPSHOT_ACK);
            }
            two.heard().completing.countDown();
            FrameKind next;
            do {
                next = sender.receive().kind();
            } while (next == FrameKind.SNAPSHOT_ACK);
            assertThat(next).isEqualTo(FrameKind.SNAPSHOT_RESULT);
        }
    }

    @Test
    void aSenderThatStallsIsForgotten() throws Exception {
        TcpLimits limits = Members.LIMITS
                .withTimes(new TcpLimits.Times(2_000, 5_000, 5_000, 20, 1_000, 100));
        two = members.start(5, limits);
        var install = new Message.InstallSnapshot(1, 5, 5, INSTALL.snapshot());
        try (RawPeer sender = RawPeer.connect(two.address())
                .handshake(new Hello(Members.CLUSTER, 1, 5, StreamKind.SNAPSHOT))) {
            sender.send(FrameKind.SNAPSHOT_BEGIN, begin(install, 10));
            assertThat(sender.isClosedByOther()).isTrue();
        }
        assertThat(await(two.heard().aborted)).isTrue();
    }

    @Test
    void aRecipientThatStallsIsGivenUp() throws Exception {
        Member three = members.start(3, Members.LIMITS
                .withTimes(new TcpLimits.Times(2_000, 5_000, 5_000, 20, 1_000, 100)));
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            three.network().addPeer(
                    Members.peer(4, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer messages = RawPeer.accept(server)) {
                assertThat(messages.receive().kind()).isEqualTo(FrameKind.HELLO);
                var source = new MemorySource(10, Long.MAX_VALUE);
                var delivered = new CompletableFuture<Boolean>();
                three.network().sendSnapshot(1, new Message.InstallSnapshot(3, 4, 5,
                        INSTALL.snapshot()), source, delivered::complete);
                try (RawPeer stalled = RawPeer.accept(server).welcome(4)) {
                    assertThat(await(delivered)).isFalse();
                    assertThat(await(source.closed)).isTrue();
                    assertThat(stalled.isClosedByOther()).isTrue();
                }
            }
        }
    }

    @Test
    void aSenderThatBreaksOffIsForgotten() throws Exception {
        try (RawPeer sender = begun(100)) {
            sender.send(FrameKind.SNAPSHOT_PART, part(0, 50));
            assertThat(sender.receive().kind()).isEqualTo(FrameKind.SNAPSHOT_ACK);
        }
        assertThat(await(two.heard().aborted)).isTrue();
        assertThat(two.heard().snapshots).isEmpty();
    }

    @Test
    void partsOutOfOrderOrBeyondTheEndAreRefused() throws Exception {
        for (ByteBuffer bad : List.of(part(1, 10), part(-1, 10), part(0, 101), part(0, 0))) {
            try (RawPeer sender = begun(100)) {
                sender.send(FrameKind.SNAPSHOT_PART, bad);
                assertThat(sender.isClosedByOther()).isTrue();
            }
        }
        try (RawPeer sender = begun(100)) {
            sender.send(FrameKind.SNAPSHOT_PART, part(0, 99));
            sender.send(FrameKind.SNAPSHOT_END, ByteBuffer.allocate(8).putLong(100).flip());
            assertThat(sender.isClosedByOther()).isTrue();
        }
        assertThat(two.heard().snapshots).isEmpty();
    }

    @Test
    void aSnapshotForAnotherMemberIsRefused() throws Exception {
        var other = new Message.InstallSnapshot(1, 3, 5, INSTALL.snapshot());
        try (RawPeer sender = RawPeer.connect(two.address()).handshake(HELLO)) {
            sender.send(FrameKind.SNAPSHOT_BEGIN, begin(other, 10));
            assertThat(sender.isClosedByOther()).isTrue();
        }
        assertThat(two.heard().opened).hasValue(0);
    }

    private RawPeer begun(long totalBytes) throws Exception {
        RawPeer sender = RawPeer.connect(two.address()).handshake(HELLO);
        sender.send(FrameKind.SNAPSHOT_BEGIN, begin(INSTALL, totalBytes));
        assertThat(sender.receive().kind()).isEqualTo(FrameKind.SNAPSHOT_ACK);
        return sender;
    }

    private static ByteBuffer begin(Message message, long totalBytes) {
        ByteBuffer encoded = RawPeer.encoded(message);
        return ByteBuffer.allocate(16 + encoded.remaining()).putLong(totalBytes).putLong(1)
                .put(encoded)
                .flip();
    }

    private static ByteBuffer part(long position, int size) {
        return ByteBuffer.allocate(8 + size).putLong(position).put(new byte[size]).flip();
    }

    private CompletableFuture<Boolean> send(SnapshotSource source) {
        var delivered = new CompletableFuture<Boolean>();
        one.network().sendSnapshot(1, INSTALL, source, delivered::complete);
        return delivered;
    }

    private static <T> T await(CompletableFuture<T> future) throws Exception {
        return future.get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** One byte that can be read when the latch is open. */
    private static final class HeldSource implements SnapshotSource {
        private final CompletableFuture<Boolean> closed = new CompletableFuture<>();
        private final CompletableFuture<Boolean> started = new CompletableFuture<>();
        private final CountDownLatch reading;

        HeldSource(CountDownLatch reading) {
            this.reading = reading;
        }

        @Override
        public long totalBytes() {
            return 1;
        }

        @Override
        public long contentId() {
            return 1;
        }

        @Override
        public void read(long position, ByteBuffer target) throws IOException {
            started.complete(true);
            try {
                reading.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            target.put((byte) 1);
        }

        @Override
        public void close() {
            closed.complete(true);
        }
    }
}
