// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.command.GetCommand;
import java.lang.reflect.Field;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which of the program's commands and flags are etcdctl's. */
final class Etcdctl {
    private Etcdctl() {}

    /** Whether it has this command, or group of commands. */
    static boolean has(CommandSpec command) {
        Object one = command.userObject();
        return one != null
                && one.getClass().getPackage().equals(GetCommand.class.getPackage());
    }

    /** Whether it has this flag for all commands. */
    static boolean isGlobal(OptionSpec option) {
        return option.userObject() instanceof Field field && field.getDeclaringClass()
                .getPackage().equals(ClientOptions.class.getPackage());
    }
}
