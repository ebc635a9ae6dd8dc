// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.HostPort;
import io.jangada.network.MemorySource;
import io.jangada.network.RecordingListener;
import io.jangada.network.Samples;
import io.jangada.network.tcp.Members.Member;
import io.jangada.network.tls.ManualClock;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.PeerTrust;
import io.jangada.network.tls.SelfSigned;
import io.jangada.network.tls.TestAuthority;
import io.jangada.network.tls.TlsContexts;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.netty.handler.ssl.SslProvider;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class TcpTlsTest {
    private static final String HOST = "127.0.0.1";

    @TempDir
    Path directory;

    private final Members members = new Members();
    private final ManualClock clock = new ManualClock();
    private TestAuthority authority;

    @BeforeEach
    void found() throws Exception {
        authority = new TestAuthority(directory, "authority");
    }

    @AfterEach
    void close() {
        members.close();
    }

    @ParameterizedTest
    @EnumSource(value = SslProvider.class, names = {"JDK", "OPENSSL"})
    void messagesAndSnapshotsTravelEncrypted(SslProvider provider) throws Exception {
        Member one = members.start(1, options(authority.mutual("one", HOST), provider));
        Member two = members.start(2, options(authority.mutual("two", HOST), provider));
        Members.introduce(1, one, 2, two);

        for (int i = 1; i <= 1_000; i++) {
            one.network().send(1, Samples.numbered(1, 2, i));
        }
        one.network().send(1, append(3 << 20));
        two.network().send(1, Samples.numbered(2, 1, 1));

        for (int i = 1; i <= 1_000; i++) {
            assertThat(two.heard().next()).isEqualTo(Samples.numbered(1, 2, i));
        }
        assertThat(two.heard().next()).isEqualTo(append(3 << 20));
        assertThat(one.heard().next()).isEqualTo(Samples.numbered(2, 1, 1));
        var source = new MemorySource(3 << 20, Long.MAX_VALUE);
        assertThat(snapshot(one, source)).isTrue();
        assertThat(RecordingListener.next(two.heard().snapshots)).isEqualTo(source.bytes());
    }

    @Test
    void aMemberOnBoringSslAndOneOnTheJdkUnderstandEachOther() throws Exception {
        Member one = members.start(1,
                options(authority.mutual("one", HOST), SslProvider.OPENSSL));
        Member two = members.start(2, options(authority.mutual("two", HOST), SslProvider.JDK));
        Members.introduce(1, one, 2, two);

        reaches(one, two, 2);
        reaches(two, one, 1);
    }

    @Test
    void membersWithCertificatesOfTheirOwnTalk() throws Exception {
        Member one = members.start(1, options(SelfSigned.in(directory.resolve("1"),
                List.of(), clock)));
        Member two = members.start(2, options(SelfSigned.in(directory.resolve("2"),
                List.of(), clock)));
        Members.introduce(1, one, 2, two);

        reaches(one, two, 2);
        reaches(two, one, 1);
    }

    @ParameterizedTest
    @EnumSource(value = SslProvider.class, names = {"JDK", "OPENSSL"})
    void whoeverHasNoPlaceIsRefusedWithTheReasonAndHarmsNoOther(SslProvider provider)
            throws Exception {
        var stranger = new TestAuthority(directory, "stranger");
        Member one = members.start(1, options(authority.mutual("one", HOST), provider));
        Member two = members.start(2, options(authority.mutual("two", HOST), provider));
        Members.introduce(1, one, 2, two);
        reaches(one, two, 2);

        refuses(one, options(authority.expired("expired", HOST), provider),
                "out of date", "certificate");
        refuses(one, options(stranger.mutual("other", HOST), provider),
                "not accepted", "certificate");
        refuses(one, options(authority.mutual("elsewhere", "10.1.2.3"), provider),
                "not accepted: No subject alternative names matching IP address 127.0.0.1", "");
        refuses(one, TcpOptions.PLAIN, "closed the connection in the TLS handshake",
                "it may want TLS");

        reaches(one, two, 2);
        reaches(two, one, 1);
        assertThat(one.network().stats().get(0).connection().connects()).isEqualTo(1);
        assertThat(two.network().stats().get(0).connection().connects()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(value = SslProvider.class, names = {"JDK", "OPENSSL"})
    void whoeverDialsWithoutACertificateIsRefused(SslProvider provider) throws Exception {
        Member one = members.start(1, options(authority.mutual("one", HOST), provider));
        PeerTls two = authority.mutual("two", HOST);
        Member none = members.start(2, options(new PeerTls(two.certificateFile(), two.keyFile(),
                new PeerTrust.AcceptorOnly(authority.file()), List.of(), List.of()), provider));
        none.network().addPeer(Members.peer(1, one.address()));
        one.network().addPeer(Members.peer(2, none.address()));

        assertThat(failure(none, 1)).contains("TLS failed");
        reaches(one, none, 2);
        assertThat(one.heard().received).isEmpty();
    }

    @Test
    void onlyAllowedCommonNamesGetInInEitherDirection() throws Exception {
        Member one = members.start(1, options(authority.mutual("one", HOST)
                .withAllowedCommonNames(List.of("one", "two"))));
        Member two = members.start(2, options(authority.mutual("two", HOST)
                .withAllowedCommonNames(List.of("one", "two"))));
        Member three = members.start(3, options(authority.mutual("three", HOST)));
        Members.introduce(1, one, 2, two);
        Members.introduce(1, one, 3, three);

        reaches(one, two, 2);
        assertThat(failure(one, 3)).contains("the common name \"three\" is not allowed");
        assertThat(failure(three, 1)).contains("TLS failed");
        assertThat(one.heard().received).isEmpty();
    }

    @Test
    void onlyAllowedHostNamesGetIn() throws Exception {
        Member one = members.start(1, options(authority.mutual("one", HOST, "peers.example")
                .withAllowedHostnames(List.of("peers.example"))));
        Member two = members.start(2, options(authority.mutual("two", HOST, "peers.example")));
        Member three = members.start(3, options(authority.mutual("three", HOST)));
        Members.introduce(1, one, 2, two);
        Members.introduce(1, one, 3, three);

        reaches(one, two, 2);
        reaches(two, one, 1);
        assertThat(failure(one, 3)).contains("none of the allowed host names");
        assertThat(failure(three, 1)).contains("TLS failed");
    }

    @Test
    void replacedFilesCountForNewConnectionsAndOldOnesStay() throws Exception {
        PeerTls ofTwo = authority.mutual("two", HOST);
        Member one = members.start(1, options(authority.mutual("one", HOST)));
        Member two = members.start(2, options(ofTwo));
        Member three = members.start(3, options(authority.mutual("three", HOST)));
        one.network().addPeer(Members.peer(2, two.address()));
        reaches(one, two, 2);

        replace(authority.expired("worse", HOST), ofTwo);
        clock.pass(1);
        three.network().addPeer(Members.peer(2, two.address()));
        assertThat(failure(three, 2)).contains("out of date");
        reaches(one, two, 2);
        assertThat(one.network().stats().get(0).connection().connects()).isEqualTo(1);

        replace(authority.mutual("better", HOST), ofTwo);
        clock.pass(1);
        reaches(three, two, 2);
    }

    @Test
    void halfATlsHandshakeEndsWithTheTimeLimit() throws Exception {
        TcpLimits limits = Members.LIMITS
                .withTimes(new TcpLimits.Times(2_000, 50, 5_000, 20, 1_000, 30_000));
        Member one = members.start(new TcpIdentity(Members.CLUSTER, 1), new HostPort(HOST, 0),
                options(authority.mutual("one", HOST)), limits);
        try (RawPeer silent = RawPeer.connect(one.address());
                RawPeer half = RawPeer.connect(one.address())) {
            half.send(new byte[]{0x16, 3, 1, 2, 0, 1});
            assertThat(silent.isClosedByOther()).isTrue();
            assertThat(half.isClosedByOther()).isTrue();
        }
    }

    @Test
    void aPlainFrameIsNoTls() throws Exception {
        Member one = members.start(1, options(authority.mutual("one", HOST)));
        try (RawPeer plain = RawPeer.connect(one.address())) {
            plain.send(RawPeer.bytes(FrameKind.HELLO,
                    new Hello(Members.CLUSTER, 2, 1, StreamKind.MESSAGES).encoded()));
            assertThat(plain.isClosedByOther()).isTrue();
        }
        try (RawPeer huge = RawPeer.connect(one.address())) {
            huge.send(ByteBuffer.allocate(4).putInt(1 << 30).array());
            huge.send(new byte[8]);
            assertThat(huge.isClosedByOther()).isTrue();
        }
        assertThat(one.heard().received).isEmpty();
    }

    /** A member with {@code options} cannot be dialed, with one reason, and cannot dial, with another. */
    private void refuses(Member one, TcpOptions options, String dialed, String dials)
            throws Exception {
        Member bad = members.start(9, options);
        one.network().addPeer(Members.peer(9, bad.address()));
        assertThat(failure(one, 9)).contains(dialed);
        one.network().updatePeer(Members.peer(9, new HostPort(HOST, 1)));
        if (!dials.isEmpty()) {
            bad.network().addPeer(Members.peer(1, one.address()));
            assertThat(failure(bad, 1)).containsIgnoringCase(dials);
        }
        one.network().removePeer(9);
        bad.network().close();
        assertThat(bad.heard().received).isEmpty();
    }

    /** Why {@code from} cannot reach {@code peer}. */
    private static String failure(Member from, long peer) throws InterruptedException {
        from.heard().unreachable.clear();
        do {
            from.network().send(1, Samples.numbered(1, peer, 1));
        } while (from.heard().unreachable.poll(10, TimeUnit.MILLISECONDS) == null
                && !Thread.interrupted());
        return from.network().stats().stream().filter(one -> one.id() == peer).findFirst()
                .orElseThrow().connection().lastFailure();
    }

    private static void reaches(Member from, Member to, long id) throws InterruptedException {
        do {
            from.network().send(1, new Message.TransferLeader(1, id, 1));
        } while (to.heard().received.poll(10, TimeUnit.MILLISECONDS) == null);
    }

    private static boolean snapshot(Member from, MemorySource source) throws Exception {
        var delivered = new CompletableFuture<Boolean>();
        from.network().sendSnapshot(1, new Message.InstallSnapshot(1, 2, 5,
                new Snapshot(new EntryId(4, 100), ConfState.ofVoters(List.of(1L, 2L)),
                        Bytes.EMPTY)),
                source, delivered::complete);
        return delivered.get(RecordingListener.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    private static Message append(int bytes) {
        return new Message.AppendRequest(1, 2, 1, EntryId.ZERO,
                List.of(new Entry(1, 1, EntryType.NORMAL, Bytes.wrap(new byte[bytes]))), 0);
    }

    private TcpOptions options(PeerTls tls) throws Exception {
        return TcpOptions.PLAIN.withTls(TlsContexts.open(tls, Runnable::run, clock));
    }

    private TcpOptions options(PeerTls tls, SslProvider provider) throws Exception {
        return TcpOptions.PLAIN
                .withTls(TestAuthority.contexts(tls, provider, Runnable::run, clock));
    }

    private static void replace(PeerTls by, PeerTls old) throws Exception {
        Files.move(by.keyFile(), old.keyFile(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(by.certificateFile(), old.certificateFile(),
                StandardCopyOption.REPLACE_EXISTING);
    }
}
