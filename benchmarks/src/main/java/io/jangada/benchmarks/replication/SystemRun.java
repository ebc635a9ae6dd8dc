// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Measures one system in this process: a point for each line of the input, and prints a line for each, see
 * {@link Figures#line}. All proposals of one payload go through one group, until another payload is asked for; every group
 * has to agree on them at its end. Main thread.
 */
final class SystemRun {
    private static final long AGREE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long POLL_MILLIS = 5;
    private static final int SETTLE_IN_FLIGHT = 256;

    private final ReplicationSystem system;
    private final Path directory;
    private final Windows windows;
    private boolean settled;

    /**
     * How long to measure.
     *
     * @param settleSeconds load on the first group before anything is measured, for the compiler
     * @param warmUpSeconds load before each window
     * @param seconds length of a window, at least 1
     */
    record Windows(int settleSeconds, int warmUpSeconds, int seconds) {
        Windows {
            if (settleSeconds < 0 || warmUpSeconds < 0 || seconds < 1) {
                throw new IllegalArgumentException("seconds to settle, warm up and measure: "
                        + settleSeconds + ", " + warmUpSeconds + ", " + seconds);
            }
        }
    }

    private SystemRun(ReplicationSystem system, Path directory, Windows windows) {
        this.system = system;
        this.directory = directory;
        this.windows = windows;
    }

    /**
     * Runs the program: system, directory, seconds to settle, to warm up and to measure. A line of input is
     * payload and proposals in flight, with a blank between. Ends the process: the threads of some systems
     * stay.
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Logger.getLogger("").setLevel(Level.SEVERE); // Members come and go for each payload.
        Windows windows = new Windows(Integer.parseInt(arguments[2]),
                Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]));
        BufferedReader in = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8));
        new SystemRun(ReplicationSystem.valueOf(arguments[0]), Path.of(arguments[1]), windows)
                .run(in);
        System.exit(0);
    }

    /** Reads points until the input ends. */
    private void run(BufferedReader in) throws IOException, InterruptedException {
        for (Point next = read(in); next != null;) {
            next = runGroup(next, in);
        }
    }

    /** Measures {@code first} and all that follow with its payload; the first point with another. */
    private @Nullable Point runGroup(Point first, BufferedReader in)
            throws IOException, InterruptedException {
        Path home = directory.resolve("payload" + first.payloadBytes());
        try (ReplicatedGroup group = system.open(home, first.payloadBytes())) {
            long applied = 0;
            if (!settled) {
                applied += load(group, SETTLE_IN_FLIGHT, windows.settleSeconds());
                settled = true;
            }
            Point point = first;
            while (point != null && point.payloadBytes() == first.payloadBytes()) {
                applied += measure(group, point);
                point = read(in);
            }
            awaitAgreement(group, applied);
            return point;
        } finally {
            remove(directory);
        }
    }

    private static @Nullable Point read(BufferedReader in) throws IOException {
        String line = in.readLine();
        if (line == null) {
            return null;
        }
        String[] words = line.split(" ", 2);
        return new Point(Integer.parseInt(words[0]), Integer.parseInt(words[1]));
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
        TimeUnit.SECONDS.sleep(windows.warmUpSeconds());
        Usage before = Usage.now();
        long completedBefore = loop.completed();
        Histogram unusedWarmUp = loop.latencyNanos();
        TimeUnit.SECONDS.sleep(windows.seconds());
        Histogram latencyNanos = loop.latencyNanos();
        long count = loop.completed() - completedBefore;
        Usage after = Usage.now();
        loop.stop();
        if (count == 0) {
            throw new IOException("nothing was applied in " + windows.seconds() + " s at " + point);
        }
        System.out.println(new Figures(count * 1e9 / (after.nanos() - before.nanos()),
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
