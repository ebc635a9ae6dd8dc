// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoJson;
import io.jangada.cli.print.Lines;
import java.util.LinkedHashMap;

/**
 * Events that a watcher was told.
 *
 * @param response of the server
 */
public record WatchAnswer(WatchResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        for (Event event : response.getEventsList()) {
            lines.line(event.getType().name());
            if (event.hasPrevKv()) {
                lines.pair(event.getPrevKv());
            }
            lines.pair(event.getKv());
        }
    }

    @Override
    public Object json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("Header", response.getHeader());
        json.put("Events", response.getEventsCount() == 0 ? GoJson.NULL : response.getEventsList());
        json.put("CompactRevision", response.getCompactRevision());
        json.put("Canceled", response.getCanceled());
        json.put("Created", response.getCreated());
        return json;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader());
        for (Event event : response.getEventsList()) {
            lines.field("Type", event.getType());
            if (event.hasPrevKv()) {
                lines.pairFields("Prev", event.getPrevKv());
            }
            lines.pairFields("", event.getKv());
        }
    }
}
