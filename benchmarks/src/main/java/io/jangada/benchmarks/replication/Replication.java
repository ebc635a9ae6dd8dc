// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * The library beside its peers: a JVM for each system, with this JVM's options, of which one at a time has load; a round is
 * each point on each of them, in turn. The table has the medians of the rounds. Main thread.
 */
@Command(name = "benchmarks/replication", mixinStandardHelpOptions = true, sortOptions = false, description = {
    "The library beside Apache Ratis and SOFAJRaft: three members in one JVM, loopback TCP, logs on disk",
    "that are forced, a state machine that counts, a closed loop of proposals to the leader.", ""})
public final class Replication implements Callable<Integer> {
    @Option(names = "--systems", split = ",", defaultValue = "JANGADA,JRAFT,RATIS", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private List<ReplicationSystem> systems = new ArrayList<>();

    @Option(names = "--payload-bytes", split = ",", defaultValue = "16,256,4096", description = "Sizes of a proposal (default: ${DEFAULT-VALUE}).")
    private List<Integer> payloadBytes = new ArrayList<>();

    @Option(names = "--in-flight", split = ",", defaultValue = "1,64,1024", description = "Proposals outstanding (default: ${DEFAULT-VALUE}).")
    private List<Integer> inFlight = new ArrayList<>();

    @Option(names = "--rounds", defaultValue = "2", description = "How often each system is measured at each point (default: ${DEFAULT-VALUE}).")
    private int roundCount;

    @Option(names = "--settle", defaultValue = "10", description = "Seconds of load on each new JVM (default: ${DEFAULT-VALUE}).")
    private int settleSeconds;

    @Option(names = "--warm-up", defaultValue = "3", description = "Seconds of load before each window (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--duration", defaultValue = "4", description = "Seconds measured (default: ${DEFAULT-VALUE}).")
    private int durationSeconds;

    @Option(names = "--directory", description = "Where members keep their files, below it (default: that of temporary files).")
    private @Nullable Path directory;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** Runs the program and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Replication()).setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    /** Measures as the options say and prints the table; 1 if a system failed. */
    @Override
    public Integer call() throws IOException, InterruptedException {
        List<MeasuredProcess> processes = new ArrayList<>();
        try {
            for (ReplicationSystem system : systems) {
                Path home = directory == null
                        ? Files.createTempDirectory("replication")
                        : Files.createTempDirectory(directory, "replication");
                processes.add(MeasuredProcess.start(system, home, command(system, home)));
            }
            Table table = new Table();
            measure(processes, table);
            PrintWriter out = spec.commandLine().getOut();
            out.print(table.text());
            out.flush();
            for (MeasuredProcess process : processes) {
                process.finish();
            }
            return 0;
        } catch (IOException failed) {
            spec.commandLine().getErr().println("replication: " + failed.getMessage());
            return 1;
        } finally {
            for (MeasuredProcess process : processes) {
                process.close();
            }
        }
    }

    /* Systems alternate within seconds: what a shared machine has to give changes within minutes. */
    private void measure(List<MeasuredProcess> processes, Table table) throws IOException {
        for (int bytes : payloadBytes) {
            for (int round = 1; round <= roundCount; round++) {
                for (int count : inFlight) {
                    Point point = new Point(bytes, count);
                    for (MeasuredProcess process : processes) {
                        Figures figures = process.measure(point);
                        table.add(process.system(), point, figures);
                        spec.commandLine().getErr()
                                .println(process.system() + " " + figures.line(point));
                    }
                }
            }
        }
    }

    private List<String> command(ReplicationSystem system, Path home) {
        List<String> words = new ArrayList<>();
        words.add(String.join(File.separator, System.getProperty("java.home"), "bin", "java"));
        words.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        words.addAll(List.of("-cp", System.getProperty("java.class.path"),
                SystemRun.class.getName(), system.name(), home.toString(),
                Integer.toString(settleSeconds), Integer.toString(warmUpSeconds),
                Integer.toString(durationSeconds)));
        return words;
    }
}
