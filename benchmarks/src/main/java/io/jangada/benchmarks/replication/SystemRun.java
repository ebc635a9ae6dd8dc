// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;

/**
 * Measures one system in this process at all points, and prints a line for each: see {@link Figures#line}. A new group for
 * each payload, which all proposals in flight go through in turn. Main thread.
 */
final class SystemRun {
    private static final long AGREE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_MILLIS = 5;
    private static final int SETTLE_IN_FLIGHT = 256;

    private final ReplicationSystem system;
    private final Plan plan;
    private final PrintWriter out;

    /**
     * What to measure.
     *
     * @param points in order
     * @param settleSeconds load on the first group before anything is measured, for the compiler
     * @param warmUpSeconds load before each window
     * @param seconds length of a window, at least 1
     */
    record Plan(List<Point> points, int settleSeconds, int warmUpSeconds, int seconds) {
        Plan {
            points = List.copyOf(points);
            if (points.isEmpty() || seconds < 1) {
                throw new IllegalArgumentException("nothing to measure: " + points.size()
                        + " points, " + seconds + " s");
            }
        }
    }

    SystemRun(ReplicationSystem system, Plan plan, PrintWriter out) {
        this.system = system;
        this.plan = plan;
        this.out = out;
    }

    /**
     * Runs the program: system, directory, seconds to settle, to warm up and to measure, and points as
     * {@code BYTESxINFLIGHT}. Ends the process: the threads of some systems stay.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<Point> points = Stream.of(arguments).skip(5)
                .map(word -> word.split("x", 2))
                .map(word -> new Point(Integer.parseInt(word[0]), Integer.parseInt(word[1])))
                .toList();
        Plan plan = new Plan(points, Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        Logger.getLogger("").setLevel(Level.SEVERE); // Members come and go for each payload.
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        new SystemRun(ReplicationSystem.valueOf(arguments[0]), plan, out)
                .run(Path.of(arguments[1]));
        System.exit(0);
    }

    /**
     * Measures.
     *
     * @param directory where the members keep their files; removed with them at the end
     * @throws IOException if a proposal is not applied, or the members do not agree at the end
     */
    void run(Path directory) throws IOException, InterruptedException {
        boolean settled = false;
        for (int payloadBytes : plan.points().stream().mapToInt(Point::payloadBytes).distinct()
                .toArray()) {
            Path home = directory.resolve("payload" + payloadBytes);
            try (ReplicatedGroup group = system.open(home, payloadBytes)) {
                long applied = 0;
                if (!settled) {
                    applied += load(group, SETTLE_IN_FLIGHT, plan.settleSeconds());
                    settled = true;
                }
                for (Point point : plan.points()) {
                    if (point.payloadBytes() == payloadBytes) {
                        applied += measure(group, point);
                    }
                }
                awaitAgreement(group, applied);
            } finally {
                remove(directory);
            }
        }
    }

    private static long load(ReplicatedGroup group, int inFlight, int seconds)
            throws IOException, InterruptedException {
        ClosedLoop loop = new ClosedLoop(group);
        loop.start(inFlight);
        TimeUnit.SECONDS.sleep(seconds);
        loop.stop();
        return loop.completed();
    }

    private long measure(ReplicatedGroup group, Point point)
            throws IOException, InterruptedException {
        ClosedLoop loop = new ClosedLoop(group);
        loop.start(point.inFlight());
        TimeUnit.SECONDS.sleep(plan.warmUpSeconds());
        Usage before = Usage.now();
        long completedBefore = loop.completed();
        Histogram unusedWarmUp = loop.latencyNanos();
        TimeUnit.SECONDS.sleep(plan.seconds());
        Histogram latencyNanos = loop.latencyNanos();
        long count = loop.completed() - completedBefore;
        Usage after = Usage.now();
        loop.stop();
        if (count == 0) {
            throw new IOException("nothing was applied in " + plan.seconds() + " s at " + point);
        }
        out.println(new Figures(count * 1e9 / (after.nanos() - before.nanos()),
                latencyNanos.getValueAtPercentile(50) / 1e3,
                latencyNanos.getValueAtPercentile(99) / 1e3,
                (after.cpuNanos() - before.cpuNanos()) / 1e3 / count,
                (double) (after.allocatedBytes() - before.allocatedBytes()) / count).line(point));
        return loop.completed();
    }

    /** A system that answers before all members have, or loses some, is not measured but refuted. */
    static void awaitAgreement(ReplicatedGroup group, long applied)
            throws IOException, InterruptedException {
        long begunNanos = System.nanoTime();
        while (!Arrays.stream(group.applied()).allMatch(count -> count == applied)) {
            if (System.nanoTime() - begunNanos > AGREE_NANOS) {
                throw new IOException(
                        applied + " proposals were answered, the members have applied "
                                + Arrays.toString(group.applied()));
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
