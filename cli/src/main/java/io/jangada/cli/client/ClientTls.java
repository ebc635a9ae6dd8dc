// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import java.io.File;
import javax.net.ssl.SSLException;
import picocli.CommandLine.Option;

/**
 * How client commands speak TLS, by etcdctl's options: an endpoint {@code https://} has it, {@code http://} has
 * not, and one without a scheme has it if one of the options says so.
 */
public final class ClientTls {
    @Option(names = "--cacert", paramLabel = "FILE", description = "Authorities of the members' certificates, PEM; else those that the JDK trusts.")
    private String authority = "";

    @Option(names = "--cert", paramLabel = "FILE", description = "The certificate to show, PEM.")
    private String certificate = "";

    @Option(names = "--key", paramLabel = "FILE", description = "Its private key, PEM.")
    private String key = "";

    @Option(names = "--insecure-skip-tls-verify", description = "Take every certificate: for tests only.")
    private boolean takesEveryone;

    @Option(names = "--insecure-transport", arity = "0..1", fallbackValue = "true", defaultValue = "true", paramLabel = "BOOL", description = "No TLS unless something else asks for it (default: ${DEFAULT-VALUE}).")
    private boolean plainByDefault = true;

    /**
     * Prepares a connection.
     *
     * @throws IllegalArgumentException if a file is missing or no good, or a certificate has no key
     */
    NettyChannelBuilder prepare(String endpoint) {
        int scheme = endpoint.indexOf("://");
        NettyChannelBuilder builder = NettyChannelBuilder
                .forTarget(scheme < 0 ? endpoint : endpoint.substring(scheme + 3));
        if (!isEncrypted(scheme < 0 ? "" : endpoint.substring(0, scheme))) {
            return builder.usePlaintext();
        }
        if (certificate.isEmpty() != key.isEmpty()) {
            throw new IllegalArgumentException("--cert and --key belong together");
        }
        try {
            return builder.sslContext(context().build());
        } catch (SSLException | IllegalArgumentException refused) {
            Throwable why = refused.getCause() == null ? refused : refused.getCause();
            throw new IllegalArgumentException("--cacert, --cert or --key is no good: "
                    + why.getMessage(), refused);
        }
    }

    private boolean isEncrypted(String scheme) {
        boolean isAsked = !authority.isEmpty() || !certificate.isEmpty() || !key.isEmpty()
                || !plainByDefault;
        return switch (scheme) {
            case "https" -> true;
            case "http" -> false;
            default -> isAsked;
        };
    }

    private SslContextBuilder context() {
        SslContextBuilder builder = GrpcSslContexts.forClient();
        if (!certificate.isEmpty()) {
            builder.keyManager(new File(certificate), new File(key));
        }
        if (takesEveryone) {
            builder.trustManager(InsecureTrustManagerFactory.INSTANCE);
        } else if (!authority.isEmpty()) {
            builder.trustManager(new File(authority));
        }
        return builder;
    }
}
