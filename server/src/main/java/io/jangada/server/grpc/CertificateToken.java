// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.CallCredentials;
import io.grpc.Metadata;
import io.jangada.server.auth.Credential;
import io.jangada.server.error.EtcdError;
import java.util.concurrent.Executor;

/**
 * Goes with a call to the leader on behalf of a user that a certificate names: a certificate cannot be handed
 * on, and the member's own would be taken for the user's. The leader sees a token that was given for this call.
 * Immutable.
 */
final class CertificateToken extends CallCredentials {
    private final Authentication authentication;
    private final String user;

    /** A token for {@code user}, whom this member knows by a certificate. */
    CertificateToken(Authentication authentication, String user) {
        this.authentication = authentication;
        this.user = user;
    }

    @Override
    public void applyRequestMetadata(RequestInfo call, Executor executor,
            MetadataApplier applier) {
        authentication.give(user, new Authentication.Answer() {
            @Override
            public void given(String token, long revision) {
                Metadata headers = new Metadata();
                if (!token.isEmpty()) {
                    new Credential.Token(token).addTo(headers);
                }
                applier.apply(headers);
            }

            @Override
            public void failed(EtcdError error) {
                applier.fail(error.status());
            }
        });
    }
}
