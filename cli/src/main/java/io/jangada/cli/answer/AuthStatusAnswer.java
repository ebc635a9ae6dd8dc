// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.AuthStatusResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * Whether users and roles count.
 *
 * @param response of the server
 */
public record AuthStatusAnswer(AuthStatusResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line("Authentication Status: " + response.getEnabled())
                .line("AuthRevision: " + Long.toUnsignedString(response.getAuthRevision()));
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader()).field("Enabled", response.getEnabled())
                .unsigned("AuthRevision", response.getAuthRevision());
    }
}
