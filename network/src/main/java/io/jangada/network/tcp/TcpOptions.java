// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.jangada.network.tls.TlsContexts;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a {@link TcpNetwork} does with what it sends, beyond sending it. Immutable; start from {@link #PLAIN}. */
public final class TcpOptions {
    /** Neither encrypted nor compressed. */
    public static final TcpOptions PLAIN = new TcpOptions(null, Compression.NONE);

    private final @Nullable TlsContexts tls;
    private final Compression compression;

    private TcpOptions(@Nullable TlsContexts tls, Compression compression) {
        this.tls = tls;
        this.compression = compression;
    }

    /** With TLS on all connections, in both directions; peers without it are refused. */
    public TcpOptions withTls(TlsContexts value) {
        return new TcpOptions(value, compression);
    }

    /** With {@code value} on connections with peers that want the same. */
    public TcpOptions withCompression(Compression value) {
        return new TcpOptions(tls, value);
    }

    /** The TLS of all connections; empty if they are plain. */
    public Optional<TlsContexts> tls() {
        return Optional.ofNullable(tls);
    }

    /** What is done to large bodies. */
    public Compression compression() {
        return compression;
    }
}
