// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.DeleteRangeResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * How many keys were deleted, and which if that was asked for.
 *
 * @param response of the server
 */
public record DeleteAnswer(DeleteRangeResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line(Long.toString(response.getDeleted()));
        response.getPrevKvsList().forEach(lines::pair);
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader()).field("Deleted", response.getDeleted());
        response.getPrevKvsList().forEach(pair -> lines.pairFields("Prev", pair));
    }
}
