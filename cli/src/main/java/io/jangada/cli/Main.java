// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.log.Logging;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;

/**
 * The jangada program. Exit code 0: done; 1: refused or failed, 2: flags of a server that etcd does not
 * have; each with one line on standard error that says why.
 */
@Command(name = "jangada", description = "A replicated key-value store that speaks the etcd v3 API.", subcommands = {
    ServerCommand.class,
    DemoCommand.class,
    GetCommand.class,
    PutCommand.class,
    ConformanceCommand.class,
    CheckHistoryCommand.class,
    VersionCommand.class,
    TrainCommand.class}, synopsisSubcommandLabel = "COMMAND", footer = {
        "",
        "Every flag can also be given in the environment: --data-dir as JANGADA_DATA_DIR or ETCD_DATA_DIR."})
public final class Main {

    /** The parsed command; picocli makes it. */
    public Main() {}

    /** Runs {@code args} and ends the process with the exit code. */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /** Runs {@code args} and returns the exit code. */
    static int run(String[] args) {
        Logging.configure("error", "console"); // The server sets it up again by its own flags.
        CommandLine line = commandLine();
        if (args.length == 0) {
            line.usage(System.out);
            return 0;
        }
        String[] flags = args[0].equals("server") ? args : GoFlags.doubleDashed(args);
        if (flags[0].equals("--version")) { // As etcd's program answers it, too.
            return line.execute("version");
        }
        return line.execute(flags);
    }

    static CommandLine commandLine() {
        var line = new CommandLine(new Main());
        line.setDefaultValueProvider(new EnvironmentDefaults(System.getenv()));
        line.setExecutionExceptionHandler((failure, command, parsed) -> fail(failure.getMessage()));
        line.setParameterExceptionHandler((failure, ignored) -> fail(oneLine(failure)));
        line.setUsageHelpWidth(110);
        line.setExpandAtFiles(false); // A value may begin with an at sign.
        return line;
    }

    private static int fail(@Nullable String why) {
        System.err.println("jangada: " + why);
        return 1;
    }

    private static String oneLine(ParameterException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("bad arguments")
                + " (see: "
                + failure.getCommandLine().getCommandSpec().qualifiedName() + " --help)";
    }
}
