// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.server.config.Versions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MainTest {
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    MainTest() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void versionIsTheOneThatClientsAreTold() {
        for (String argument : new String[]{"version", "--version", "-version"}) {
            out.reset();
            assertThat(Main.run(new String[]{argument})).as(argument).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).as(argument)
                    .startsWith("etcd Version: " + Versions.ETCD + System.lineSeparator());
        }
    }

    @Test
    void serverAnswersForItself() {
        for (String argument : new String[]{"--version", "-version=true"}) {
            out.reset();
            assertThat(Main.run(new String[]{"server", argument})).as(argument).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).as(argument)
                    .startsWith("etcd Version: " + Versions.ETCD + System.lineSeparator());
        }
        out.reset();
        assertThat(Main.run(new String[]{"server", "-h"})).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--unsafe-no-fsync");
        assertThat(Main.run(new String[]{"server", "start"})).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("jangada: \"start\" is not a valid flag" + System.lineSeparator());
    }

    @Test
    void anErrorNamesTheCommandWhoseHelpHelps() {
        assertThat(Main.run(new String[]{"--nothing"})).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("--nothing")
                .contains("(see: jangada --help)");
        err.reset();
        assertThat(Main.run(new String[]{"server", "--nothing"})).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("(see: jangada server --help)");
    }
}
