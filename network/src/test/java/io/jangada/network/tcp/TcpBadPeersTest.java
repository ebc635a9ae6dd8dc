// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.HostPort;
import io.jangada.network.PeerStats;
import io.jangada.network.RecordingListener;
import io.jangada.network.Samples;
import io.jangada.network.tcp.Members.Member;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A half-open, slow or flapping peer harms no other. All members share one event loop. */
@Timeout(60)
class TcpBadPeersTest {
    private static final Hello FROM_TWO = new Hello(Members.CLUSTER, 2, 1, StreamKind.MESSAGES);
    private static final Hello SNAPSHOT = new Hello(Members.CLUSTER, 2, 1, StreamKind.SNAPSHOT);

    private final Members members = new Members();
    private Member one;
    private Member three;
    private long sent;

    @BeforeEach
    void start() throws Exception {
        start(20_000);
    }

    private void start(int handshakeMillis) throws Exception {
        sent = 0;
        one = members.start(1, Members.LIMITS.withTimes(
                new TcpLimits.Times(2_000, handshakeMillis, 20_000, 20, 1_000, 20_000)));
        three = members.start(3);
        Members.introduce(1, one, 3, three);
        threeIsWell();
    }

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void aPeerThatTakesTheConnectionAndNeverAnswers() throws Exception {
        start(1_000);
        try (ServerSocket server = serverSocket()) {
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer mute = RawPeer.accept(server)) {
                one.network().send(1, Samples.numbered(1, 2, 1));
                threeIsWell();
                assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);
                assertThat(mute.isClosedByOther()).as("after the handshake's time").isTrue();
                assertThat(stats(2).connection().lastFailure())
                        .contains("no handshake within 1000 ms");
            }
            threeIsWell();
        }
    }

    @Test
    void aPeerThatIsLetInAndNeitherReadsNorSpeaks() throws Exception {
        try (ServerSocket server = serverSocket()) {
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            try (RawPeer halfOpen = RawPeer.accept(server).welcome(2);
                    RawPeer silent = RawPeer.connect(one.address()).handshake(FROM_TWO)) {
                Message large = append(1, 2, 1 << 20);
                while (one.heard().dropped.isEmpty()) {
                    one.network().send(1, large);
                }
                threeIsWell();
                assertThat(stats(2).queued().bytes())
                        .isLessThanOrEqualTo(Members.LIMITS.queue().bytesMax());
                assertThat(halfOpen.receiveBytes()).isPositive();
                silent.send(new byte[]{0, 0});
                threeIsWell();
            }
        }
    }

    @Test
    void aPeerThatComesAndGoes() throws Exception {
        try (ServerSocket server = serverSocket()) {
            one.network().addPeer(
                    Members.peer(2, new HostPort("127.0.0.1", server.getLocalPort())));
            for (int i = 0; i < 50; i++) {
                try (RawPeer in = RawPeer.connect(one.address()).handshake(FROM_TWO);
                        RawPeer out = RawPeer.accept(server).welcome(2)) {
                    in.send(Samples.numbered(2, 1, i));
                    one.network().send(1, Samples.numbered(1, 2, i));
                    assertThat(one.heard().next()).isEqualTo(Samples.numbered(2, 1, i));
                    assertThat(out).isNotNull();
                }
                threeIsWell();
            }
            assertThat(stats(2).connection().connects()).isPositive();
        }
    }

    @Test
    void aPeerThatSendsAFrameByteByByte() throws Exception {
        byte[] frame = RawPeer.bytes(FrameKind.MESSAGE,
                RawPeer.encoded(Samples.numbered(2, 1, 7)));
        try (RawPeer slow = RawPeer.connect(one.address()).handshake(FROM_TWO)) {
            for (int i = 0; i < frame.length - 1; i++) {
                slow.send(new byte[]{frame[i]});
                threeIsWell();
            }
            slow.send(new byte[]{frame[frame.length - 1]});
            assertThat(one.heard().next()).isEqualTo(Samples.numbered(2, 1, 7));
        }
    }

    @Test
    void moreSnapshotsThanAreReceivedAtATimeAreRefused() throws Exception {
        var begun = new ArrayList<RawPeer>();
        try {
            for (int i = 0; i < Members.LIMITS.snapshots().receivesMax(); i++) {
                begun.add(RawPeer.connect(one.address()).handshake(SNAPSHOT));
            }
            try (RawPeer refused = RawPeer.connect(one.address())) {
                refused.send(FrameKind.HELLO, SNAPSHOT.encoded());
                RawPeer.Received answer = refused.receive();
                assertThat(answer.kind()).isEqualTo(FrameKind.REFUSAL);
                assertThat(answer.text()).isEqualTo("busy with other snapshots");
            }
            threeIsWell();
        } finally {
            for (RawPeer each : begun) {
                each.close();
            }
        }
    }

    @Test
    void aSnapshotBeyondItsWindowIsCutOff() throws Exception {
        int chunk = Members.LIMITS.snapshots().chunkBytes();
        int window = Members.LIMITS.snapshots().windowChunks();
        one.heard().keeps = true;
        try (RawPeer greedy = RawPeer.connect(one.address()).handshake(SNAPSHOT)) {
            ByteBuffer encoded = RawPeer.encoded(new Message.InstallSnapshot(2, 1, 5,
                    new Snapshot(new EntryId(4, 100), ConfState.ofVoters(List.of(1L, 2L)),
                            Bytes.EMPTY)));
            greedy.send(FrameKind.SNAPSHOT_BEGIN, ByteBuffer.allocate(16 + encoded.remaining())
                    .putLong(Long.MAX_VALUE).putLong(1).put(encoded).flip());
            assertThat(greedy.receive().kind()).isEqualTo(FrameKind.SNAPSHOT_ACK);
            greedy.send(FrameKind.SNAPSHOT_PART, ByteBuffer.allocate(8 + chunk * window + 1));
            assertThat(greedy.isClosedByOther()).isTrue();
        }
        assertThat(one.heard().snapshots).isEmpty();
        threeIsWell();
    }

    /** Both directions work, on the connections of the beginning, and nothing was lost. */
    private void threeIsWell() throws Exception {
        sent++;
        if (sent == 1) {
            // The first may come before the connection and wait; it is not dropped.
            three.network().send(1, Samples.numbered(3, 1, 1));
            one.network().send(1, Samples.numbered(1, 3, 1));
            assertThat(three.heard().next()).isEqualTo(Samples.numbered(1, 3, 1));
            assertThat(one.heard().next()).isEqualTo(Samples.numbered(3, 1, 1));
            return;
        }
        one.network().send(1, Samples.numbered(1, 3, sent));
        three.network().send(1, Samples.numbered(3, 1, sent));
        assertThat(three.heard().next()).isEqualTo(Samples.numbered(1, 3, sent));
        assertThat(one.heard().next()).isEqualTo(Samples.numbered(3, 1, sent));
        assertThat(stats(3).connection().connects()).isEqualTo(1);
        assertThat(stats(3).dropped().messages()).isZero();
    }

    private PeerStats stats(long peer) {
        return one.network().stats().stream().filter(each -> each.id() == peer).findFirst()
                .orElseThrow();
    }

    private static Message append(long from, long to, int bytes) {
        return new Message.AppendRequest(from, to, 1, EntryId.ZERO,
                List.of(new Entry(1, 1, EntryType.NORMAL, Bytes.wrap(new byte[bytes]))), 0);
    }

    private static ServerSocket serverSocket() throws IOException {
        return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
}
