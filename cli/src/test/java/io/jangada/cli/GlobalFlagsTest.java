// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobalFlagsTest {
    @ParameterizedTest
    @CsvSource({
        "--endpoints=a get k,                get --endpoints=a k",
        "--endpoints a -w json get k,        get --endpoints a -w json k",
        "--hex lease --user u:p list,        lease list --hex --user u:p",
        "--insecure-transport=false get k,   get --insecure-transport=false k",
        "get --endpoints a k,                get --endpoints a k",
        "watch k -- --hex get,               watch k -- --hex get",
        "--version,                          --version",
        "--endpoints=a version,              version",
        "--endpoints a --hex member,         member",
        "--endpoints a member foo,           member foo",
        "--endpoints a foo,                  foo",
        "--endpoints a --help,               --help",
        "--endpoints a -w json snapshot status f, snapshot status -w json f",
        "--endpoints a server,               server --endpoints a",
        "--nothing get k,                    --nothing get k",
        "--endpoints,                        --endpoints"})
    void followTheCommand(String given, String moved) {
        assertThat(GlobalFlags.afterCommand(given.split(" "), Main.commandLine()))
                .containsExactly(moved.split(" "));
    }

    @Test
    void anArgumentThatIsNamedAsACommandIsNone() {
        assertThat(GlobalFlags.afterCommand(new String[]{"get", "put"}, Main.commandLine()))
                .containsExactly("get", "put");
    }
}
