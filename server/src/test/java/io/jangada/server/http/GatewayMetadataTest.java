// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GatewayMetadataTest {
    private final HttpHeaders headers = new DefaultHttpHeaders();

    @Test
    void carriesAuthorizationAndWhatIsMeantForTheService() {
        headers.set("Authorization", "token").set("Grpc-Metadata-HasLeader", "true")
                .set("Grpc-Metadata-Blob-Bin", "AA==").set("Grpc-Metadata-!", "x")
                .set("Cookie", "secret");
        Metadata metadata = GatewayMetadata.of(headers);
        assertThat(value(metadata, "authorization")).isEqualTo("token");
        assertThat(value(metadata, "hasleader")).isEqualTo("true");
        assertThat(value(metadata, "grpcgateway-accept")).isEqualTo("*/*");
        assertThat(metadata.keys()).hasSize(3);
    }

    @Test
    void webSocketsProtocolIsAnAuthorization() {
        headers.set("Sec-WebSocket-Protocol", "Bearer, abc.1");
        assertThat(value(GatewayMetadata.ofWebSocket(headers), "authorization"))
                .isEqualTo("Bearer abc.1");
        assertThat(value(GatewayMetadata.of(headers), "authorization")).isNull();
        headers.set("Sec-WebSocket-Protocol", "other, abc.1");
        assertThat(value(GatewayMetadata.ofWebSocket(headers), "authorization")).isNull();
    }

    private static @Nullable String value(Metadata metadata, String name) {
        return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
    }
}
