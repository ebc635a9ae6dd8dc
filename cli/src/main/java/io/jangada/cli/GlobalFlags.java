// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.client.ClientOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** etcdctl's global flags may stand before a command's name; ours belong to the command and follow it. */
final class GlobalFlags {
    private static final CommandSpec FLAGS = CommandSpec.forAnnotatedObject(new ClientOptions());

    private GlobalFlags() {}

    /**
     * The arguments, with global flags that stand before or among the words of a command moved behind
     * them; those that the command does not have are left out.
     */
    static String[] afterCommand(String[] args, CommandLine program) {
        var words = new ArrayList<String>();
        var flags = new ArrayList<List<String>>();
        CommandLine command = program;
        int next = 0;
        while (next < args.length) {
            CommandLine named = command.getSubcommands().get(args[next]);
            OptionSpec flag = command.getSubcommands().isEmpty() ? null : flag(args[next]);
            if (named != null) {
                command = named;
                words.add(args[next++]);
            } else if (flag != null) {
                boolean isAlone = args[next].contains("=") || flag.arity().min() == 0;
                int end = Math.min(args.length, next + (isAlone ? 1 : 2));
                flags.add(List.of(args).subList(next, end));
                next = end;
            } else {
                break;
            }
        }
        List<String> rest = List.of(args).subList(next, args.length);
        for (List<String> flag : flags) {
            if (isOf(flag.getFirst(), command, rest)) {
                words.addAll(flag);
            }
        }
        words.addAll(rest);
        return words.toArray(new String[0]);
    }

    /*
     * As in etcdctl, whose commands all have them: one that has no use for a flag does not mind it. Commands of
     * ours do, and a program that is told nothing but flags.
     */
    private static boolean isOf(String flag, CommandLine command, List<String> rest) {
        if (command.getCommandSpec().findOption(flag.split("=", 2)[0]) != null) {
            return true;
        }
        boolean isIncomplete = !command.getSubcommands().isEmpty() && !rest.isEmpty();
        boolean isEtcdctls = Etcdctl.has(command.getCommandSpec())
                || command.getCommand() instanceof VersionCommand;
        return !isIncomplete && !isEtcdctls;
    }

    private static @Nullable OptionSpec flag(String argument) {
        int end = argument.indexOf('=');
        return FLAGS.findOption(end < 0 ? argument : argument.substring(0, end));
    }
}
