// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import io.netty.channel.Channel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.SupportedCipherSuiteFilter;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * The TLS of a member's connections, as its files are now. Before a handshake, but at most once a second,
 * the files are looked at; if they have changed, handshakes from then on use what they hold. Connections
 * that are up stay. Files that are no good any more are reported, once for each reason, and the last good
 * ones go on being used.
 *
 * <p>BoringSSL does the work where netty-tcnative has it for this machine, else the JDK. Thread-safe: the
 * contexts are published whole; at most one thread reads the files.
 */
public final class TlsContexts {
    private static final System.Logger LOG = System.getLogger(TlsContexts.class.getName());
    /** Always there where the version is, as in Go. */
    private static final List<String> CIPHERS_OF_1_3 = List.of("TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");
    private static final long LOOK_MILLIS = 1_000;

    /**
     * What a handshake needs at either end. Immutable.
     *
     * @param acceptor for connections from peers
     * @param dialer for connections to peers
     */
    public record Contexts(SslContext acceptor, SslContext dialer) {}

    private final PeerTls tls;
    private final List<Path> files;
    private final SslProvider provider;
    private final Executor blocking;
    private final InstantSource clock;
    private final AtomicLong lookedMillis;
    private FileStamps stamps;
    private String reported = "";

    /** Written by whoever has just read the files, read by handshakes. */
    private volatile Contexts current;

    private TlsContexts(PeerTls tls, SslProvider provider, Executor blocking,
            InstantSource clock) throws TlsFileException {
        this.tls = tls;
        this.provider = provider;
        this.blocking = blocking;
        this.clock = clock;
        this.files = files(tls);
        this.lookedMillis = new AtomicLong(clock.millis());
        this.stamps = FileStamps.of(files);
        this.current = load();
    }

    /**
     * Reads the files; blocks.
     *
     * @param blocking reads them again; only while a handshake waits
     * @param clock says when to look again, and whether a certificate has expired
     * @throws TlsFileException if a file is missing, unreadable or not what it should be, or the key is
     *     not the certificate's
     */
    public static TlsContexts open(PeerTls tls, Executor blocking, InstantSource clock)
            throws TlsFileException {
        return open(tls, SslContext.defaultServerProvider(), blocking, clock);
    }

    static TlsContexts open(PeerTls tls, SslProvider provider, Executor blocking,
            InstantSource clock) throws TlsFileException {
        return new TlsContexts(tls, provider, blocking, clock);
    }

    /**
     * Calls {@code then} once with what a handshake shall use: at once, or, if it is time to look at the
     * files, soon, by a thread that may block. Any thread; does not block itself.
     */
    public void current(Consumer<Contexts> then) {
        if (!isTimeToLook()) {
            then.accept(current);
            return;
        }
        try {
            blocking.execute(() -> {
                look();
                then.accept(current);
            });
        } catch (RejectedExecutionException stopping) {
            then.accept(current);
        }
    }

    /** What the last look at the files has found; looks at nothing itself. Any thread. */
    public Contexts latest() {
        return current;
    }

    /**
     * What an accepted connection puts in its pipeline, on the connection's loop. Where the address of the other
     * end is looked at, a thread that may block does it.
     */
    public SslHandler accept(Contexts now, Channel channel) {
        boolean isNamed = tls.options()
                .sourceAddress() == TlsOptions.SourceAddress.NAMED;
        if (isNamed && channel.remoteAddress() instanceof InetSocketAddress from
                && from.getAddress() != null) {
            return now.acceptor().newHandler(channel.alloc(), from.getAddress().getHostAddress(),
                    from.getPort(), blocking);
        }
        return now.acceptor().newHandler(channel.alloc());
    }

    private boolean isTimeToLook() {
        long now = clock.millis();
        long last = lookedMillis.get();
        boolean due = now - last >= LOOK_MILLIS || now < last;
        return due && lookedMillis.compareAndSet(last, now);
    }

    /** What was seen before the files are read counts: a change while they are read is seen next time. */
    private synchronized void look() {
        FileStamps now = FileStamps.of(files);
        if (now.equals(stamps) && reported.isEmpty()) {
            return;
        }
        try {
            current = load();
            stamps = now;
            reported = "";
            LOG.log(System.Logger.Level.INFO,
                    () -> "TLS files read again certificate=" + tls.certificateFile());
        } catch (TlsFileException e) {
            String reason = String.valueOf(e.getMessage());
            if (!reason.equals(reported)) {
                reported = reason;
                LOG.log(System.Logger.Level.WARNING, () -> "TLS files have changed and are no good,"
                        + " the former ones stay in use: " + reason);
            }
        }
    }

    private static List<Path> files(PeerTls tls) {
        var files = new ArrayList<>(List.of(tls.certificateFile(), tls.keyFile()));
        files.addAll(tls.options().revocationFiles());
        tls.options().dialerKeys().forEach(
                keys -> files.addAll(List.of(keys.certificateFile(), keys.keyFile())));
        switch (tls.trust()) {
            case PeerTrust.Mutual mutual -> files.add(mutual.authorityFile());
            case PeerTrust.AcceptorOnly acceptor -> files.add(acceptor.authorityFile());
            case PeerTrust.PublicAuthorities ignored -> {
            }
            case PeerTrust.Anyone ignored -> {
            }
        }
        return List.copyOf(files);
    }

    private Contexts load() throws TlsFileException {
        TlsMaterial material = TlsMaterial.load(tls);
        warnIfExpired(material.certificate());
        try {
            return new Contexts(acceptor(material), dialer(material));
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            // Whatever the TLS library does not like about a key or a certificate, it says so in its way.
            throw new TlsFileException(tls.certificateFile(), "cannot be used for TLS: "
                    + e.getMessage(), e);
        }
    }

    private void warnIfExpired(X509Certificate certificate) {
        if (certificate.getNotAfter().toInstant().isBefore(clock.instant())) {
            LOG.log(System.Logger.Level.WARNING, () -> "the certificate in "
                    + tls.certificateFile() + " has expired, peers will refuse it; notAfter="
                    + certificate.getNotAfter().toInstant());
        }
    }

    private SslContext acceptor(TlsMaterial material)
            throws GeneralSecurityException, IOException {
        var builder = narrowed(SslContextBuilder.forServer(material.acceptor().key(),
                material.acceptor().chain()), tls.options().applicationProtocols());
        return switch (tls.trust()) {
            case PeerTrust.Mutual ignored -> builder.clientAuth(ClientAuth.REQUIRE)
                    .trustManager(NamedTrustManager.of(tls, material)).build();
            case PeerTrust.AcceptorOnly ignored -> builder.build();
            case PeerTrust.PublicAuthorities ignored -> builder.build();
            case PeerTrust.Anyone ignored -> builder.build();
        };
    }

    private SslContext dialer(TlsMaterial material)
            throws GeneralSecurityException, IOException {
        List<String> spoken = tls.options().applicationProtocols();
        var builder = narrowed(SslContextBuilder.forClient(),
                spoken.isEmpty() ? spoken : List.of(spoken.getLast()));
        return switch (tls.trust()) {
            case PeerTrust.Mutual ignored -> builder
                    .keyManager(material.dialer().key(), material.dialer().chain())
                    .trustManager(NamedTrustManager.of(tls, material))
                    .endpointIdentificationAlgorithm("HTTPS").build();
            case PeerTrust.AcceptorOnly ignored ->
                builder.trustManager(NamedTrustManager.of(tls, material))
                        .endpointIdentificationAlgorithm("HTTPS").build();
            case PeerTrust.PublicAuthorities ignored ->
                builder.trustManager(NamedTrustManager.of(tls, material))
                        .endpointIdentificationAlgorithm("HTTPS").build();
            case PeerTrust.Anyone ignored -> builder
                    .trustManager(InsecureTrustManagerFactory.INSTANCE)
                    .endpointIdentificationAlgorithm("").build();
        };
    }

    private SslContextBuilder narrowed(SslContextBuilder builder, List<String> spoken) {
        TlsOptions options = tls.options();
        builder.sslProvider(provider).protocols(options.versions());
        if (!options.cipherSuites().isEmpty()) {
            var ciphers = new ArrayList<>(options.cipherSuites());
            if (options.versions().contains("TLSv1.3")) {
                ciphers.addAll(CIPHERS_OF_1_3);
            }
            builder.ciphers(ciphers, SupportedCipherSuiteFilter.INSTANCE);
        }
        if (!spoken.isEmpty()) {
            builder.applicationProtocolConfig(new ApplicationProtocolConfig(Protocol.ALPN,
                    SelectorFailureBehavior.NO_ADVERTISE, SelectedListenerFailureBehavior.ACCEPT,
                    spoken));
        }
        return builder;
    }
}
