// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.mvcc.KeyValue;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * Keys and values.
 *
 * @param response of the server
 * @param valuesOnly whether the simple format leaves the keys out
 */
public record RangeAnswer(RangeResponse response, boolean valuesOnly) implements Answer {
    @Override
    public void simple(Lines lines) {
        for (KeyValue pair : response.getKvsList()) {
            if (!valuesOnly) {
                lines.bytes(pair.getKey());
            }
            lines.bytes(pair.getValue());
        }
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader());
        response.getKvsList().forEach(pair -> lines.pairFields("", pair));
        lines.field("More", response.getMore()).field("Count", response.getCount());
    }
}
