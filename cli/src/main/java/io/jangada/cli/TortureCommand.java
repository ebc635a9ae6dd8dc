// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.checker.json.HistoryWriter;
import io.jangada.cli.torture.FaultKind;
import io.jangada.cli.torture.NotStartedException;
import io.jangada.cli.torture.Plan;
import io.jangada.cli.torture.Report;
import io.jangada.cli.torture.Torture;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.GoDuration;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs a cluster of real processes under load and faults, and checks what its clients were told (docs/torture.md). Exit
 * code 0: every promise was kept; 1: one was broken; 2: bad arguments, or the cluster did not start; 3: undecided.
 */
@Command(name = "torture", description = "Run a cluster under load and faults, and check what its clients were told.", mixinStandardHelpOptions = true)
final class TortureCommand implements Callable<Integer> {
    /** The exit code where nothing was found out. */
    static final int NOT_RUN = 2;

    @Option(names = "--members", paramLabel = "N", defaultValue = "3", description = "How many members (default: ${DEFAULT-VALUE}).")
    private int members;

    @Option(names = "--time", paramLabel = "DURATION", defaultValue = "1m", description = "How long the load and the faults last (default: ${DEFAULT-VALUE}).")
    private String time = "";

    @Option(names = "--faults", paramLabel = "LIST", defaultValue = "kill,pause,partition,delay,drop", description = "kill, kill-all, pause, partition, delay, drop, corrupt, clock, disk, with commas between; empty for none (default: ${DEFAULT-VALUE}).")
    private String faults = "";

    @Option(names = "--seed", paramLabel = "N", description = "Decides what is asked and which faults come (default: another each time).")
    private @Nullable Long seed;

    @Option(names = "--clients", paramLabel = "N", defaultValue = "8", description = "How many ask at the same time (default: ${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "300", description = "How many operations a second at most (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--keys", paramLabel = "N", defaultValue = "20", description = "How many keys (default: ${DEFAULT-VALUE}).")
    private int keys;

    @Option(names = "--server", paramLabel = "PROGRAM", description = "A server with etcd's flags (default: this program's own).")
    private @Nullable Path server;

    @Option(names = "--dir", paramLabel = "DIR", description = "An empty folder for data and logs (default: a temporary one, which goes if every promise was kept).")
    private @Nullable Path folder;

    @Option(names = "--history", paramLabel = "FILE", description = "Where to write the history.")
    private @Nullable Path file;

    @Option(names = "--html", paramLabel = "FILE", description = "Where to write a picture of a violation.")
    private @Nullable Path html;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Report report;
        Path used;
        try {
            Plan plan = plan();
            used = plan.folder();
            System.out.println("seed " + plan.seed());
            report = Torture.run(plan, System.out::println);
        } catch (IllegalArgumentException | ConfigException | NotStartedException
                | IOException refused) {
            System.err.println("jangada: " + refused.getMessage());
            return NOT_RUN;
        }
        if (file != null) {
            try (Writer out = Files.newBufferedWriter(file)) {
                HistoryWriter.write(report.history(), out);
            }
        }
        report.lines().forEach(System.out::println);
        VerdictPrinter.tell(report.verdict(), report.history(), html);
        if (report.exitCode() == 0 && folder == null) {
            delete(used);
        } else {
            System.out.println("data and logs are in " + used);
        }
        return report.exitCode();
    }

    private Plan plan() throws ConfigException, IOException {
        Set<FaultKind> kinds = faults.isEmpty()
                ? EnumSet.noneOf(FaultKind.class)
                : FaultKind.parse(faults);
        List<String> command = server == null
                ? List.of(Path.of(System.getProperty("jangada.home", "."), "bin", "jangada")
                        .toAbsolutePath().toString(), "server")
                : List.of(server.toString());
        Path where = folder == null
                ? Files.createTempDirectory("jangada-torture-")
                : folder.toAbsolutePath();
        return new Plan(command, where, members, GoDuration.parse("--time", time), kinds,
                seed == null ? new SecureRandom().nextInt(Integer.MAX_VALUE) : seed, clients,
                rate, keys);
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
