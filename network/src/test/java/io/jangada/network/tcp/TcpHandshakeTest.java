// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Network;
import io.jangada.network.RecordingListener;
import io.jangada.network.Samples;
import io.jangada.network.tcp.Members.Member;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Message;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets in, and what a connection may carry. */
@Timeout(60)
class TcpHandshakeTest {
    private static final Hello HELLO = new Hello(Members.CLUSTER, 2, 1, StreamKind.MESSAGES);

    private final Members members = new Members();

    @AfterEach
    void close() {
        members.close();
    }

    @Test
    void anotherClusterIsRefusedAndBothEndsKnowWhy() throws Exception {
        Member one = members.start(1);
        Member two = members.start(new TcpIdentity(8, 2), Members.LIMITS);
        one.network().addPeer(Members.peer(2, two.address()));

        one.network().send(1, Samples.numbered(1, 2, 1));

        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);
        assertThat(one.network().stats().get(0).connection().lastFailure())
                .contains("cluster 7 is not this member's cluster 8");
        assertThat(one.network().stats().get(0).isConnected()).isFalse();
        assertThat(two.heard().received).isEmpty();
    }

    @Test
    void strangersAreRefusedWithTheReason() throws Exception {
        Member one = members.start(1);
        one.network().removePeer(4);

        refused(one, new Hello(8, 2, 1, StreamKind.MESSAGES), "cluster 8");
        refused(one, new Hello(Members.CLUSTER, 2, 3, StreamKind.MESSAGES), "member 3 is wanted");
        refused(one, new Hello(Members.CLUSTER, 1, 1, StreamKind.SNAPSHOT), "own");
        refused(one, new Hello(Members.CLUSTER, 0, 1, StreamKind.MESSAGES), "nobody");
        removed(one, new Hello(Members.CLUSTER, 4, 1, StreamKind.MESSAGES));
    }

    /** The lock is held while a second address is bound, which waits for the event loop. */
    @Test
    void aHandshakeWaitsForNobodyWhoChangesTheMembership() throws Exception {
        Member one = members.start(1);
        synchronized (one.network()) {
            try (RawPeer peer = RawPeer.connect(one.address()).handshake(HELLO)) {
                peer.send(Samples.numbered(2, 1, 1));
                assertThat(one.heard().next()).isEqualTo(Samples.numbered(2, 1, 1));
            }
        }
    }

    @Test
    void anotherProtocolVersionIsRefused() throws Exception {
        Member one = members.start(1);
        ByteBuffer hello = HELLO.encoded().putShort(4, (short) 1);
        try (RawPeer peer = RawPeer.connect(one.address())) {
            peer.send(FrameKind.HELLO, hello);
            assertThat(peer.receive().text())
                    .contains("protocol version 1, but this member speaks 3");
            assertThat(peer.isClosedByOther()).isTrue();
        }
    }

    @Test
    void aNoteAboveTheLimitEndsTheConnection() throws Exception {
        Member one = members.start(1);
        try (RawPeer peer = RawPeer.connect(one.address()).handshake(HELLO)) {
            peer.send(FrameKind.NOTE, ByteBuffer.wrap(new byte[Network.NOTE_BYTES_MAX]));
            assertThat(RecordingListener.next(one.heard().notes).size())
                    .isEqualTo(Network.NOTE_BYTES_MAX);
            peer.send(FrameKind.NOTE, ByteBuffer.wrap(new byte[Network.NOTE_BYTES_MAX + 1]));
            assertThat(peer.isClosedByOther()).isTrue();
        }
    }

    /** Another process of member 2 listens at its address: the answer is not for that one. */
    @Test
    void aNoteIsAnsweredToTheProcessThatSentIt() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        one.network().addPeer(Members.peer(2, two.address()));
        assertThat(RecordingListener.next(one.heard().connected)).isEqualTo(2);
        one.heard().onNote = reply -> reply.accept(Bytes.utf8("for you"));
        try (RawPeer copy = RawPeer.connect(one.address()).handshake(HELLO)) {
            copy.send(FrameKind.NOTE, ByteBuffer.wrap(new byte[8]));
            assertThat(copy.receive()).isEqualTo(new RawPeer.Received(FrameKind.NOTE, "for you"));
        }
        assertThat(two.heard().notes).isEmpty();
    }

    @Test
    void anotherMemberAtTheAddressIsNotTaken() throws Exception {
        Member one = members.start(1);
        Member three = members.start(3);
        one.network().addPeer(Members.peer(2, three.address()));

        one.network().send(1, Samples.numbered(1, 2, 1));

        assertThat(RecordingListener.next(one.heard().unreachable)).isEqualTo(2);
        assertThat(one.network().stats().get(0).connection().lastFailure())
                .contains("member 2 is wanted, but this is 3");
    }

    @Test
    void whoeverSaysNothingIsClosed() throws Exception {
        Member one = members.start(1,
                Members.LIMITS.withTimes(new TcpLimits.Times(2_000, 50, 5_000, 20, 1_000, 30_000)));
        try (RawPeer silent = RawPeer.connect(one.address())) {
            assertThat(silent.isClosedByOther()).isTrue();
        }
    }

    @Test
    void whoeverSpeaksAnotherProtocolIsClosed() throws Exception {
        Member one = members.start(1);
        try (RawPeer browser = RawPeer.connect(one.address())) {
            browser.send("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(browser.isClosedByOther()).isTrue();
        }
    }

    @Test
    void aFrameOfOneGibibyteIsRefusedByItsLengthAlone() throws Exception {
        Member one = members.start(1);
        byte[] gibibyte = ByteBuffer.allocate(4).putInt(1 << 30).array();
        try (RawPeer before = RawPeer.connect(one.address())) {
            before.send(gibibyte);
            assertThat(before.isClosedByOther()).isTrue();
        }
        try (RawPeer after = RawPeer.connect(one.address()).handshake(HELLO)) {
            after.send(gibibyte);
            assertThat(after.isClosedByOther()).isTrue();
        }
        try (RawPeer negative = RawPeer.connect(one.address()).handshake(HELLO)) {
            negative.send(ByteBuffer.allocate(4).putInt(-1).array());
            assertThat(negative.isClosedByOther()).isTrue();
        }
    }

    @Test
    void aBitThatFlipsOnTheWayClosesTheConnection() throws Exception {
        Member one = members.start(1);
        byte[] good = RawPeer.bytes(FrameKind.MESSAGE,
                RawPeer.encoded(Samples.numbered(2, 1, 5)));
        for (int at = Frame.LENGTH_BYTES; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            try (RawPeer peer = RawPeer.connect(one.address()).handshake(HELLO)) {
                peer.send(bad);
                assertThat(peer.isClosedByOther()).as("flip at %s", at).isTrue();
            }
        }
        assertThat(one.heard().received).isEmpty();
    }

    @Test
    void whatIsOutOfPlaceClosesTheConnection() throws Exception {
        Member one = members.start(1);
        for (FrameKind kind : List.of(FrameKind.HELLO, FrameKind.PONG, FrameKind.SNAPSHOT_PART)) {
            try (RawPeer peer = RawPeer.connect(one.address()).handshake(HELLO)) {
                peer.send(kind, HELLO.encoded());
                assertThat(peer.isClosedByOther()).as("%s", kind).isTrue();
            }
        }
        try (RawPeer peer = RawPeer.connect(one.address())) {
            peer.send(Samples.numbered(2, 1, 1));
            assertThat(peer.isClosedByOther()).isTrue();
        }
        try (RawPeer peer = RawPeer.connect(one.address()).handshake(HELLO)) {
            peer.send(FrameKind.MESSAGE, ByteBuffer.wrap(new byte[]{8, 0}));
            assertThat(peer.isClosedByOther()).isTrue();
        }
        assertThat(one.heard().received).isEmpty();
    }

    @Test
    void nobodySpeaksForAnotherMember() throws Exception {
        Member one = members.start(1);
        one.network().addPeer(Members.peer(2, one.address()));
        try (RawPeer two = RawPeer.connect(one.address()).handshake(HELLO)) {
            two.send(Samples.numbered(3, 1, 1));
            two.send(Samples.numbered(2, 9, 2));
            var forwarded = new Message.TransferLeader(3, 1, 5);
            two.send(forwarded);

            assertThat(one.heard().next()).isEqualTo(forwarded);
            assertThat(one.network().stats().get(0).refused().messages()).isEqualTo(2);
        }
    }

    @Test
    void aNewerConnectionOfAPeerTakesTheOldersPlace() throws Exception {
        Member one = members.start(1);
        try (RawPeer older = RawPeer.connect(one.address()).handshake(HELLO);
                RawPeer newer = RawPeer.connect(one.address()).handshake(HELLO)) {
            assertThat(older.isClosedByOther()).isTrue();
            newer.send(Samples.numbered(2, 1, 1));
            assertThat(one.heard().next()).isEqualTo(Samples.numbered(2, 1, 1));
        }
    }

    @Test
    void removingAPeerClosesItsConnection() throws Exception {
        Member one = members.start(1);
        try (RawPeer two = RawPeer.connect(one.address()).handshake(HELLO)) {
            one.network().removePeer(2);
            assertThat(two.isClosedByOther()).isTrue();
        }
        removed(one, HELLO);
    }

    @Test
    void connectionsBeyondTheLimitAreClosed() throws Exception {
        TcpLimits limits = Members.LIMITS.withConnectionsMax(2);
        Member one = members.start(1, limits);
        Hello three = new Hello(Members.CLUSTER, 3, 1, StreamKind.MESSAGES);
        try (RawPeer first = RawPeer.connect(one.address()).handshake(HELLO);
                RawPeer second = RawPeer.connect(one.address()).handshake(three);
                RawPeer third = RawPeer.connect(one.address())) {
            assertThat(third.isClosedByOther()).isTrue();
            first.send(Samples.numbered(2, 1, 1));
            second.send(Samples.numbered(3, 1, 2));
            assertThat(List.of(one.heard().next(), one.heard().next()))
                    .containsExactlyInAnyOrder(Samples.numbered(2, 1, 1),
                            Samples.numbered(3, 1, 2));
        }
    }

    private static void removed(Member member, Hello hello) throws IOException {
        try (RawPeer peer = RawPeer.connect(member.address())) {
            peer.send(FrameKind.HELLO, hello.encoded());
            assertThat(peer.receive().kind()).isEqualTo(FrameKind.REMOVED);
            assertThat(peer.isClosedByOther()).isTrue();
        }
    }

    @Test
    void whoWasRemovedHearsOfItAtEachAttempt() throws Exception {
        Member one = members.start(1);
        Member two = members.start(2);
        one.network().removePeer(2);
        two.network().addPeer(Members.peer(1, one.address()));
        assertThat(RecordingListener.next(two.heard().removedBy)).isEqualTo(1);
        assertThat(RecordingListener.next(two.heard().removedBy)).isEqualTo(1);
    }

    private static void refused(Member member, Hello hello, String reason) throws IOException {
        try (RawPeer peer = RawPeer.connect(member.address())) {
            peer.send(FrameKind.HELLO, hello.encoded());
            RawPeer.Received answer = peer.receive();
            assertThat(answer.kind()).isEqualTo(FrameKind.REFUSAL);
            assertThat(answer.text()).contains(reason);
            assertThat(peer.isClosedByOther()).isTrue();
        }
    }
}
