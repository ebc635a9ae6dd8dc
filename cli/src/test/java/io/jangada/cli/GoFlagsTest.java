// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Option;

class GoFlagsTest {

    @Test
    void oneDashIsTwo() {
        assertThat(GoFlags.doubleDashed(
                new String[]{"server", "-name", "m1", "-data-dir=x", "--wal-dir", "y"}))
                .containsExactly("server", "--name", "m1", "--data-dir=x", "--wal-dir", "y");
    }

    @Test
    void whatIsNoFlagStays() {
        assertThat(GoFlags.doubleDashed(new String[]{"put", "-h", "-1", "-a b", "--", "-name"}))
                .containsExactly("put", "-h", "-1", "-a b", "--", "-name");
    }

    @Test
    void flagBeatsOurVariableBeatsEtcds() {
        assertThat(dataDir(Map.of())).isEqualTo("default");
        assertThat(dataDir(Map.of("ETCD_DATA_DIR", "etcd"))).isEqualTo("etcd");
        assertThat(dataDir(Map.of("ETCD_DATA_DIR", "etcd", "JANGADA_DATA_DIR", "ours")))
                .isEqualTo("ours");
        assertThat(dataDir(Map.of("JANGADA_DATA_DIR", ""))).isEqualTo("default");
        assertThat(dataDir(Map.of("JANGADA_DATA_DIR", "ours"), "--data-dir=flag"))
                .isEqualTo("flag");
    }

    private static String dataDir(Map<String, String> environment, String... arguments) {
        var options = new Options();
        new CommandLine(options).setDefaultValueProvider(new EnvironmentDefaults(environment))
                .parseArgs(arguments);
        return options.dataDir;
    }

    private static final class Options {
        @Option(names = "--data-dir", defaultValue = "default")
        private String dataDir = "";
    }
}
