// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** docs/flags.md is the table of flags: what differs is to be copied from this test's message. */
class FlagsDocumentTest {

    @Test
    void documentIsTheTable() throws Exception {
        Path module = Path.of(System.getProperty("basedir", "server"));
        String document = Files.readString(module.resolve("../docs/flags.md"));
        assertThat(document.substring(document.indexOf("## Top"))).isEqualTo(tables());
    }

    private static String tables() {
        StringBuilder text = new StringBuilder();
        String group = "";
        for (Flag flag : FlagTable.all().values()) {
            if (!flag.group().equals(group)) {
                text.append(group.isEmpty() ? "" : "\n");
                group = flag.group();
                text.append("## ").append(group)
                        .append("\n\n| flag | default | what |\n|---|---|---|\n");
            }
            text.append("| `--").append(flag.name()).append("` | ")
                    .append(flag.byDefault().isEmpty() ? "" : "`" + flag.byDefault() + "`")
                    .append(" | ").append(what(flag)).append(" |\n");
        }
        return text.toString();
    }

    private static String what(Flag flag) {
        return switch (flag.use()) {
            case USED -> flag.text();
            case IGNORED -> "*No effect*: " + flag.text();
            case REFUSED -> "*Refused*: " + flag.text();
        };
    }
}
