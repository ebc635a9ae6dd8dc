// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The load generator's program. Exit codes: 0 done, 1 the servers did not serve, 2 wrong options. */
@Command(name = "load", mixinStandardHelpOptions = true, sortOptions = false, usageHelpWidth = 110, description = "Drives any etcd v3 server and reports throughput, latency, errors and what the servers used.")
public final class Load implements Callable<Integer> {
    private static final int PRELOAD_IN_FLIGHT = 256;
    private static final long DRAIN_SECONDS = 10;
    private static final long DRAIN_POLL_MILLIS = 5;

    @Option(names = "--endpoints", split = ",", defaultValue = "127.0.0.1:2379", description = "Members to drive, host:port,… (default: ${DEFAULT-VALUE}).")
    private List<String> endpoints = new ArrayList<>();

    @Option(names = "--operation", defaultValue = "PUT", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Operation operation = Operation.PUT;

    @Option(names = "--clients", defaultValue = "64", description = "Closed loop: clients with one request outstanding each (default: ${DEFAULT-VALUE}).")
    private int clientCount;

    @Option(names = "--rate", defaultValue = "0", description = "Open loop: requests per second, latency from the moment each was due; 0 is the closed loop.")
    private double perSecond;

    @Option(names = "--in-flight", defaultValue = "10000", description = "Open loop: most requests outstanding (default: ${DEFAULT-VALUE}).")
    private int inFlightMax;

    @Option(names = "--connections", defaultValue = "0", description = "0 is eight or a few more, the same number for each endpoint, and at most one a client.")
    private int connectionCount;

    @Option(names = "--target", defaultValue = "ALL", description = "${COMPLETION-CANDIDATES}: every endpoint, or only the leader's (default: ${DEFAULT-VALUE}).")
    private Target target = Target.ALL;

    @Option(names = "--value-bytes", defaultValue = "256", description = "Size of a value (default: ${DEFAULT-VALUE}).")
    private int valueBytes;

    @Option(names = "--keys", defaultValue = "10000", description = "Size of the key space (default: ${DEFAULT-VALUE}).")
    private long keyCount;

    @Option(names = "--key-order", defaultValue = "RANDOM", description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Keys.Order keyOrder = Keys.Order.RANDOM;

    @Option(names = "--prefix", defaultValue = "load/", description = "What keys begin with (default: ${DEFAULT-VALUE}).")
    private String prefix = "load/";

    @Option(names = "--read-percent", defaultValue = "90", description = "MIXED: share of the ranges (default: ${DEFAULT-VALUE}).")
    private int readPercent;

    @Option(names = "--no-preload", description = "Do not put every key once before a run that reads.")
    private boolean noPreload;

    @Option(names = "--warm-up", defaultValue = "3", description = "Seconds not measured (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--duration", defaultValue = "10", description = "Seconds measured (default: ${DEFAULT-VALUE}).")
    private int durationSeconds;

    @Option(names = "--deadline", defaultValue = "0", description = "Milliseconds a request may take; 0 (default) is none and saves the timers.")
    private long deadlineMillis;

    @Option(names = "--await", defaultValue = "10", description = "Seconds to wait until all endpoints serve (default: ${DEFAULT-VALUE}).")
    private long awaitSeconds;

    @Option(names = "--pids", split = ",", description = "Server processes whose CPU time and memory to report.")
    private List<Long> pids = new ArrayList<>();

    @Option(names = "--threads", defaultValue = "1", description = "The generator's event loop threads (default: ${DEFAULT-VALUE}).")
    private int threadCount;

    @Option(names = "--seed", defaultValue = "1", description = "Of keys and values (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--json", description = "Print one line of JSON instead of the table.")
    private boolean json;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Timeline timeline = new Timeline();

    /** Where requests go. */
    enum Target {
        ALL, LEADER
    }

    /** Runs the program and ends the process. */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Load()).setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    /** Runs the load as the options say and prints the report. */
    @Override
    public Integer call() throws InterruptedException, IOException {
        validate();
        if (!awaitEndpoints()) {
            spec.commandLine().getErr()
                    .println("load: not serving after " + awaitSeconds + " s: " + endpoints);
            return 1;
        }
        int count = connectionCount > 0
                ? connectionCount
                : Connections.countFor(concurrency(), endpoints.size());
        try (var connections = Connections.open(endpoints, count, threadCount)) {
            var keys = new Keys(prefix, keyCount, keyOrder);
            var requests = new Requests(operation, readPercent, keys, valueBytes, deadlineMillis,
                    new SplittableRandom(seed));
            if (!connections.await(awaitSeconds) || !preload(connections, requests, keys)) {
                spec.commandLine().getErr()
                        .println("load: the servers do not take requests: " + endpoints);
                return 1;
            }
            print(run(connections, requests));
        }
        return 0;
    }

    private void validate() {
        check(!endpoints.isEmpty(), "--endpoints must name at least one");
        check(clientCount > 0 && threadCount > 0 && inFlightMax > 0, "counts must be positive");
        check(perSecond >= 0 && Double.isFinite(perSecond), "--rate must not be negative");
        check(warmUpSeconds >= 0 && durationSeconds > 0, "--duration must be positive");
        check(valueBytes >= 0 && keyCount > 0, "--value-bytes and --keys must be positive");
        check(readPercent >= 0 && readPercent <= 100, "--read-percent must be between 0 and 100");
    }

    private void check(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private int concurrency() {
        return perSecond > 0 ? inFlightMax : clientCount;
    }

    /** Waits until all serve, and narrows the endpoints to the leader's where that is the target. */
    private boolean awaitEndpoints() throws InterruptedException {
        try (var probes = Connections.open(endpoints, endpoints.size(), 1)) {
            if (!probes.await(awaitSeconds)) {
                return false;
            }
            if (target == Target.LEADER) {
                var leader = probes.leader();
                leader.ifPresent(position -> endpoints = List.of(endpoints.get(position)));
                return leader.isPresent();
            }
            return true;
        }
    }

    /** Puts every key once, so that reads find what they ask for. */
    private boolean preload(Connections connections, Requests requests, Keys keys)
            throws InterruptedException {
        if (noPreload || !operation.reads()) {
            return true;
        }
        var permits = new Semaphore(PRELOAD_IN_FLIGHT);
        var failures = new AtomicLong();
        var random = new SplittableRandom(seed);
        for (long number = 0; number < keys.count() && failures.get() == 0; number++) {
            permits.acquire();
            requests.put(connections.channel(number), keys.key(number), random, 0,
                    (ignored, status) -> {
                        if (!status.isOk()) {
                            failures.incrementAndGet();
                        }
                        permits.release();
                    });
        }
        return permits.tryAcquire(PRELOAD_IN_FLIGHT, awaitSeconds, TimeUnit.SECONDS)
                && failures.get() == 0;
    }

    private Report run(Connections connections, Requests requests)
            throws InterruptedException, IOException {
        var measurement = new Measurement(perSecond > 0
                ? Measurement.CountedBy.START
                : Measurement.CountedBy.COMPLETION);
        Loop loop = perSecond > 0
                ? new OpenLoop(perSecond, inFlightMax, seed, connections, requests, measurement,
                        timeline)
                : new ClosedLoop(clientCount, seed, connections, requests, measurement, timeline);
        loop.start();
        TimeUnit.SECONDS.sleep(warmUpSeconds);

        List<Long> self = List.of(ProcessHandle.current().pid());
        ServerUsage before = ServerUsage.of(pids);
        long generatorBeforeMicros = ServerUsage.of(self).cpuMicros();
        long startNanos = timeline.nanos();
        measurement.open(startNanos, startNanos + TimeUnit.SECONDS.toNanos(durationSeconds));
        TimeUnit.SECONDS.sleep(durationSeconds);
        ServerUsage after = ServerUsage.of(pids);
        long generatorMicros = ServerUsage.of(self).cpuMicros() - generatorBeforeMicros;
        loop.stop();
        long unanswered = drain(loop);

        var run = new Report.Run(operation, clientCount, perSecond, connections.count(),
                endpoints.size(), valueBytes);
        return new Report(run, durationSeconds, measurement.latencyMicros(), measurement.errors(),
                unanswered,
                after.cpuMicros() - before.cpuMicros(), after.residentBytes(), generatorMicros);
    }

    private static long drain(Loop loop) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(DRAIN_SECONDS);
        while (loop.inFlight() > 0 && System.nanoTime() - deadlineNanos < 0) {
            TimeUnit.MILLISECONDS.sleep(DRAIN_POLL_MILLIS);
        }
        return loop.inFlight();
    }

    private void print(Report report) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(json ? report.json() : report.table().stripTrailing());
        out.flush();
    }
}
