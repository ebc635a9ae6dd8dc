// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.server.config.Versions;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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
    void helpIsThereWhereErrorsSendTo() {
        for (String argument : new String[]{"help", "--help", "-h", "-help"}) {
            out.reset();
            assertThat(Main.run(new String[]{argument})).as(argument).isZero();
            assertThat(out.toString(StandardCharsets.UTF_8)).as(argument)
                    .startsWith("Usage: jangada COMMAND");
        }
        out.reset();
        assertThat(Main.run(new String[]{"help", "lease", "grant"})).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).startsWith("Usage: jangada lease grant");
        out.reset();
        assertThat(Main.run(new String[]{"help", "server"})).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).contains("--unsafe-no-fsync");
        assertThat(Main.run(new String[]{"help", "nothing"})).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "nothing                      | jangada: unknown command \"nothing\" for \"jangada\" (see: jangada --help)",
        "--endpoints=a nothing        | jangada: unknown command \"nothing\" for \"jangada\" (see: jangada --help)",
        "--endpoints a member nothing | Error: unknown command \"nothing\" for \"jangada member\" (see: jangada member --help)",
        "--endpoints a member         | Error: Missing required subcommand (see: jangada member --help)",
        "get k --nothing=1            | Error: unknown flag: --nothing (see: jangada get --help)",
        "get k -x                     | Error: unknown shorthand flag: -x (see: jangada get --help)",
        "defrag k                     | Error: unexpected argument \"k\" (see: jangada defrag --help)",
        "help nothing                 | jangada: unknown command \"nothing\" for \"jangada\" (see: jangada --help)",
        "member add x --peer-urls=    | Error: member peer urls not provided"})
    void whatIsWrongIsNamedAsEtcdctlNamesIt(String arguments, String told) {
        assertThat(Main.run(arguments.strip().split(" "))).isPositive();
        assertThat(err.toString(StandardCharsets.UTF_8)).isEqualTo(told + System.lineSeparator());
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
