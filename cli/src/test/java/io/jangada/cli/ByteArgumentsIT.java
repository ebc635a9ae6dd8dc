// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Keys and values are the bytes that the shell gave, whatever the locale is. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "only there the system tells arguments as bytes")
class ByteArgumentsIT {

    /* By a shell, since this JVM could pass only what its own locale can write. */
    @Test
    void aKeyWithoutLocaleIsTheSameKey(@TempDir Path folder) throws Exception {
        Path script = Files.writeString(folder.resolve("put.sh"), """
                set -eu
                export LC_ALL="$2"
                "$1" put "$(printf 'k\\303\\251\\377')" "$(printf 'v\\342\\202\\254\\376')"
                "$1" get --hex "$(printf 'k\\303\\251\\377')"
                """);
        try (var cluster = new Cluster(1, folder).start()) {
            for (String locale : List.of("C", "C.UTF-8")) {
                Program.Result result = Program.run(
                        Map.of("JANGADA_ENDPOINTS", cluster.endpoints()),
                        List.of("sh", script.toString(), Program.path(), locale));

                assertThat(result.output()).as(locale).isEqualTo("""
                        OK
                        \\x6b\\xc3\\xa9\\xff
                        \\x76\\xe2\\x82\\xac\\xfe
                        """);
            }
        }
    }
}
