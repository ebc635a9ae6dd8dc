// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.HostPort;
import io.jangada.network.RecordingListener;
import io.jangada.network.Samples;
import io.jangada.network.SnapshotSource;
import io.jangada.network.tcp.Members.Member;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpCompressionTest {
    private static final TcpOptions DEFLATE = TcpOptions.PLAIN
            .withCompression(Compression.DEFLATE);
    private static final int BYTES = 200_000;

    private final Members members = new Members();

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void whatBothWantIsDoneAndOrderStays() throws Exception {
        Member one = members.start(1, DEFLATE);
        Member two = members.start(2, DEFLATE);
        Members.introduce(1, one, 2, two);

        sendAndReceive(one, two);

        assertThat(one.network().stats().get(0).sent().bytes()).isLessThan(BYTES);
    }

    @Test
    void whatOnlyOneWantsIsNotDone() throws Exception {
        Member one = members.start(1, DEFLATE);
        Member two = members.start(2, TcpOptions.PLAIN);
        Members.introduce(1, one, 2, two);

        sendAndReceive(one, two);
        two.network().send(1, append(2, 1));

        assertThat(one.heard().next()).isEqualTo(append(2, 1));
        assertThat(one.network().stats().get(0).sent().bytes()).isGreaterThan(50 * BYTES);
    }

    @Test
    void snapshotsTravelDeflated() throws Exception {
        Member one = members.start(1, DEFLATE);
        Member two = members.start(2, DEFLATE);
        Members.introduce(1, one, 2, two);
        var delivered = new CompletableFuture<Boolean>();
        one.network().sendSnapshot(1, INSTALL, new Zeros(1 << 20), delivered::complete);

        assertThat(delivered.get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(RecordingListener.next(two.heard().snapshots))
                .isEqualTo(Bytes.wrap(new byte[1 << 20]));
    }

    @Test
    void aPartIsSmallOnTheWire() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Member one = members.start(1, DEFLATE);
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer messages = RawPeer.accept(server)) {
                assertThat(messages.receive().kind()).isEqualTo(FrameKind.HELLO);
                one.network().sendSnapshot(1, INSTALL, new Zeros(200_000), ignored -> {});
                try (RawPeer snapshot = RawPeer.accept(server).welcome(2,
                        Compression.DEFLATE)) {
                    snapshot.receiveBytes();
                    snapshot.send(FrameKind.SNAPSHOT_ACK,
                            ByteBuffer.allocate(16).putLong(0).putLong(1 << 20).flip());
                    assertThat(snapshot.receiveBytes()).isLessThan(2_000);
                }
            }
        }
    }

    @Test
    void aDeflatedFrameThatWasNotAgreedOnClosesTheConnection() throws Exception {
        Member plain = members.start(1, TcpOptions.PLAIN);
        Member deflating = members.start(2, DEFLATE);
        try (RawPeer peer = RawPeer.connect(plain.address()).handshake(new Hello(Members.CLUSTER,
                3, 1, StreamKind.MESSAGES, Compression.DEFLATE))) {
            peer.send(deflated(append(3, 1)));
            assertThat(peer.isClosedByOther()).isTrue();
        }
        try (RawPeer peer = RawPeer.connect(deflating.address()).handshake(new Hello(
                Members.CLUSTER, 3, 2, StreamKind.MESSAGES, Compression.NONE))) {
            peer.send(deflated(append(3, 2)));
            assertThat(peer.isClosedByOther()).isTrue();
        }
        try (RawPeer peer = RawPeer.connect(deflating.address()).handshake(new Hello(
                Members.CLUSTER, 3, 2, StreamKind.MESSAGES, Compression.DEFLATE))) {
            peer.send(deflated(append(3, 2)));
            assertThat(deflating.heard().next()).isEqualTo(append(3, 2));
        }
        assertThat(plain.heard().received).isEmpty();
    }

    private static final Message.InstallSnapshot INSTALL = new Message.InstallSnapshot(1, 2, 5,
            new Snapshot(new EntryId(4, 100), ConfState.ofVoters(List.of(1L, 2L)), Bytes.EMPTY));

    private static void sendAndReceive(Member one, Member two) throws InterruptedException {
        for (int i = 0; i < 100; i++) {
            one.network().send(1, Samples.numbered(1, 2, i));
            one.network().send(1, append(1, 2));
        }
        for (int i = 0; i < 100; i++) {
            assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, i));
            assertThat(two.heard().next()).isEqualTo(append(1, 2));
        }
    }

    private static byte[] deflated(Message message) {
        try (var deflater = new BodyDeflater()) {
            ByteBuffer body = Objects.requireNonNull(deflater.deflate(RawPeer.encoded(message)));
            ByteBuf frame = Frame.of(UnpooledByteBufAllocator.DEFAULT, FrameKind.MESSAGE,
                    Packing.DEFLATED, 1, body);
            byte[] bytes = new byte[frame.readableBytes()];
            frame.readBytes(bytes).release();
            return bytes;
        }
    }

    private static Message append(long from, long to) {
        return new Message.AppendRequest(from, to, 1, EntryId.ZERO,
                List.of(new Entry(1, 1, EntryType.NORMAL, Bytes.wrap(new byte[BYTES]))), 0);
    }

    private record Zeros(long totalBytes) implements SnapshotSource {
        @Override
        public long contentId() {
            return 0;
        }

        @Override
        public void read(long position, ByteBuffer target) {
            target.put(new byte[target.remaining()]);
        }

        @Override
        public void close() {}
    }
}
