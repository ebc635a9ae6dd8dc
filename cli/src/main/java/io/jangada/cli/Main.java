// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.command.AlarmCommand;
import io.jangada.cli.command.AuthCommand;
import io.jangada.cli.command.CompactionCommand;
import io.jangada.cli.command.DefragCommand;
import io.jangada.cli.command.DelCommand;
import io.jangada.cli.command.ElectCommand;
import io.jangada.cli.command.EndpointCommand;
import io.jangada.cli.command.GetCommand;
import io.jangada.cli.command.LeaseCommand;
import io.jangada.cli.command.LockCommand;
import io.jangada.cli.command.MemberCommand;
import io.jangada.cli.command.MoveLeaderCommand;
import io.jangada.cli.command.PutCommand;
import io.jangada.cli.command.RoleCommand;
import io.jangada.cli.command.SnapshotCommand;
import io.jangada.cli.command.TxnCommand;
import io.jangada.cli.command.UserCommand;
import io.jangada.cli.command.WatchCommand;
import io.jangada.cli.log.Logging;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * The jangada program. Exit code 0: done; 1: refused or failed, 2: flags of a server that etcd does not
 * have; each with one line on standard error that says why. The commands of etcdctl have its exit codes.
 */
@Command(name = "jangada", description = "A replicated key-value store that speaks the etcd v3 API.", subcommands = {
    ServerCommand.class,
    DemoCommand.class,
    GetCommand.class,
    PutCommand.class,
    SnapshotCommand.class,
    DelCommand.class,
    TxnCommand.class,
    WatchCommand.class,
    CompactionCommand.class,
    LeaseCommand.class,
    LockCommand.class,
    ElectCommand.class,
    MemberCommand.class,
    EndpointCommand.class,
    AlarmCommand.class,
    DefragCommand.class,
    MoveLeaderCommand.class,
    UserCommand.class,
    RoleCommand.class,
    AuthCommand.class,
    ConformanceCommand.class,
    CheckHistoryCommand.class,
    TortureCommand.class,
    SimulateCommand.class,
    VersionCommand.class,
    TrainCommand.class}, synopsisSubcommandLabel = "COMMAND", footer = {
        "",
        "Flags can also be given in the environment: --data-dir as JANGADA_DATA_DIR or ETCD_DATA_DIR,",
        "--endpoints and what else all client commands have as JANGADA_ENDPOINTS or ETCDCTL_ENDPOINTS."})
public final class Main {

    /** The parsed command; picocli makes it. */
    public Main() {}

    /** Runs {@code args} and ends the process with the exit code. */
    public static void main(String[] args) {
        System.exit(run(RawArguments.of(args)));
    }

    /** Runs {@code args} and returns the exit code. */
    static int run(String[] args) {
        Logging.configure("error", "console"); // The server sets it up again by its own flags.
        if (args.length > 0 && args[0].equals("server")) {
            // Alone: a server starts without the time that all the other commands take to be read.
            return configured(new ServerCommand())
                    .execute(Arrays.copyOfRange(args, 1, args.length));
        }
        CommandLine line = commandLine();
        if (args.length == 0) {
            line.usage(System.out);
            return 0;
        }
        String[] flags = GlobalFlags.afterCommand(args, line);
        CommandLine command = line.getSubcommands().get(flags[0]);
        if (command == null || !Etcdctl.has(command.getCommandSpec())) {
            flags = GoFlags.doubleDashed(flags);
        }
        if (List.of("help", "--help", "-h").contains(flags[0])) {
            return help(line, List.of(flags).subList(1, flags.length));
        }
        if (flags[0].equals("--version")) { // As etcd's program answers it, too.
            return line.execute("version");
        }
        return line.execute(flags);
    }

    /* As "COMMAND --help" shows it. */
    private static int help(CommandLine program, List<String> words) {
        CommandLine command = program;
        for (String word : words) {
            CommandLine named = command.getSubcommands().get(word);
            if (named == null) {
                return command.execute(word); // Which says that there is none.
            }
            command = named;
        }
        if (command.getCommand() instanceof ServerCommand) {
            return run(new String[]{"server", "--help"}); // Its flags are etcd's, in etcd's order.
        }
        command.usage(System.out);
        return 0;
    }

    /** All of the commands. */
    static CommandLine commandLine() {
        return configured(new Main());
    }

    private static CommandLine configured(Object command) {
        var line = new CommandLine(command);
        line.setDefaultValueProvider(new EnvironmentDefaults(System.getenv()));
        line.setExecutionExceptionHandler(
                (failure, failed, ignored) -> Failures.report(failure, failed.getCommandSpec()));
        line.setParameterExceptionHandler((failure, ignored) -> Failures.report(failure));
        line.setOverwrittenOptionsAllowed(true);
        line.setUsageHelpWidth(110);
        line.setExpandAtFiles(false); // A value may begin with an at sign.
        return line;
    }
}
