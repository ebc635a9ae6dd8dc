// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.LeaseLeasesResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoJson;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;
import java.util.Map;

/**
 * All leases.
 *
 * @param response of the server
 */
public record LeasesAnswer(LeaseLeasesResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line("found " + response.getLeasesCount() + " leases");
        response.getLeasesList().forEach(lease -> lines.line(GoText.lease(lease.getID())));
    }

    @Override
    public Object json() {
        Map<String, Object> json = GoJson.fields(response.getHeader());
        json.put("leases", response.getLeasesList().stream()
                .map(lease -> Map.of("id", lease.getID())).toList());
        return json;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader());
        response.getLeasesList().forEach(lease -> lines.field("ID", lease.getID()));
    }
}
