// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.PutResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * A key that was put, with what was there before if that was asked for.
 *
 * @param response of the server
 */
public record PutAnswer(PutResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line("OK");
        if (response.hasPrevKv()) {
            lines.pair(response.getPrevKv());
        }
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader());
        if (response.hasPrevKv()) {
            lines.pairFields("Prev", response.getPrevKv());
        }
    }
}
