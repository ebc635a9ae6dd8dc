// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;
import io.jangada.cli.print.Table;
import io.jangada.server.backup.SnapshotStatus;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * What a snapshot has.
 *
 * @param status read from its file
 */
public record SnapshotAnswer(SnapshotStatus status) implements Answer {
    private List<String> cells() {
        return List.of(Long.toHexString(status.hash()), Long.toString(status.revision()),
                Long.toString(status.rows()), GoText.size(status.bytes()));
    }

    @Override
    public void simple(Lines lines) {
        lines.line(String.join(", ", cells()));
    }

    @Override
    public Object json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("hash", status.hash());
        json.put("revision", status.revision());
        json.put("totalKey", status.rows());
        json.put("totalSize", status.bytes());
        return json;
    }

    @Override
    public void fields(Lines lines) {
        lines.field("Hash", status.hash()).field("Revision", status.revision())
                .field("Keys", status.rows()).field("Size", status.bytes());
    }

    @Override
    public Table table() {
        return new Table(List.of("hash", "revision", "total keys", "total size"), List.of(cells()));
    }
}
