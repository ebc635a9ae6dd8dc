// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.LeaseGrantResponse;
import io.jangada.api.etcd.LeaseKeepAliveResponse;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoJson;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;
import java.util.Map;

/**
 * A lease that was granted or kept alive.
 *
 * @param text for the simple format
 * @param header of the response
 * @param id of the lease
 * @param ttlSeconds that it has from now
 * @param more what its JSON has besides
 */
public record LeaseAnswer(String text, ResponseHeader header, long id, long ttlSeconds,
        Map<String, Object> more) implements Answer {
    /** Copies {@code more}. */
    public LeaseAnswer {
        more = Map.copyOf(more);
    }

    /** Of a grant. */
    public static LeaseAnswer granted(LeaseGrantResponse response) {
        return new LeaseAnswer(
                "lease " + GoText.lease(response.getID()) + " granted with TTL(" + response.getTTL()
                        + "s)",
                response.getHeader(), response.getID(), response.getTTL(),
                Map.of("Error", response.getError()));
    }

    /** Of a renewal. */
    public static LeaseAnswer kept(LeaseKeepAliveResponse response) {
        return new LeaseAnswer(
                "lease " + GoText.lease(response.getID()) + " keepalived with TTL("
                        + response.getTTL() + ")",
                response.getHeader(), response.getID(), response.getTTL(), Map.of());
    }

    @Override
    public void simple(Lines lines) {
        lines.line(text);
    }

    @Override
    public Object json() {
        Map<String, Object> json = GoJson.fields(header);
        json.put("ID", id);
        json.put("TTL", ttlSeconds);
        json.putAll(more);
        return json;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(header).field("ID", id).field("TTL", ttlSeconds);
    }
}
