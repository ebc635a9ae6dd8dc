// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.TlsOptions;
import java.time.Duration;

/** What {@code https} means on one side of a member: towards its clients, or towards its peers. Immutable. */
public sealed interface TlsSide {
    /** Nothing: there is no certificate, and no {@code https}. */
    record Plain() implements TlsSide {}

    /**
     * A certificate that the member makes for itself ({@code --auto-tls}, {@code --peer-auto-tls}).
     *
     * @param validity of a certificate that is made
     * @param options versions and ciphers
     */
    record SelfMade(Duration validity, TlsOptions options) implements TlsSide {}

    /** Certificates and authorities from files. */
    record Files(PeerTls tls) implements TlsSide {}
}
