// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.grpc.ManagedChannel;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.PeerTrust;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;

/**
 * How the members of a cluster are reached, by clients and by each other. Immutable.
 *
 * @param scheme of all URLs
 * @param options of every member
 * @param channel a connection to an endpoint
 */
record Transport(String scheme, List<String> options, Function<String, ManagedChannel> channel) {

    static final Transport PLAIN = new Transport("http", List.of(),
            endpoint -> NettyChannelBuilder.forTarget(endpoint).usePlaintext()
                    .maxInboundMessageSize(Integer.MAX_VALUE).build());

    Transport {
        options = List.copyOf(options);
    }

    /** Mutual TLS everywhere: members show {@code member}, the tests' connections {@code client}. */
    static Transport mutual(PeerTls member, PeerTls client) throws IOException {
        String certificate = member.certificateFile().toString();
        String key = member.keyFile().toString();
        String authority = ((PeerTrust.Mutual) member.trust()).authorityFile().toString();
        var tls = GrpcSslContexts.forClient().trustManager(new File(authority))
                .keyManager(client.certificateFile().toFile(), client.keyFile().toFile()).build();
        return new Transport("https", List.of("--cert-file", certificate, "--key-file", key,
                "--client-cert-auth", "--trusted-ca-file", authority, "--peer-cert-file",
                certificate, "--peer-key-file", key, "--peer-client-cert-auth",
                "--peer-trusted-ca-file", authority),
                endpoint -> NettyChannelBuilder.forTarget(endpoint).sslContext(tls)
                        .maxInboundMessageSize(Integer.MAX_VALUE).build());
    }

    /** {@code url} with this scheme, whatever it has. */
    String url(String url) {
        int end = url.indexOf("://");
        return scheme + "://" + (end < 0 ? url : url.substring(end + 3));
    }
}
