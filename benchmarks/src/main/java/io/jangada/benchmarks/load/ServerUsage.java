// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What processes have used of the machine at one moment, as Linux tells it under {@code /proc}.
 *
 * @param cpuMicros user and system time of all of them together since they began, in steps of 10 ms each
 * @param residentBytes resident memory of each, in the order asked for
 */
record ServerUsage(long cpuMicros, List<Long> residentBytes) {
    private static final long MICROS_PER_TICK = 10_000; // USER_HZ is 100 on every Linux that Java runs on.
    private static final int UTIME = 11; // Fields of stat, counted from the one after the program's name.
    private static final int STIME = 12;

    ServerUsage {
        residentBytes = List.copyOf(residentBytes);
    }

    /**
     * What these processes have used until now.
     *
     * @throws IOException when one of them is gone, or this is no Linux
     */
    static ServerUsage of(List<Long> pids) throws IOException {
        long cpuMicros = 0;
        List<Long> residentBytes = new ArrayList<>();
        for (long pid : pids) {
            Path process = Path.of("/proc", Long.toString(pid));
            cpuMicros += cpuMicros(Files.readString(process.resolve("stat")));
            residentBytes.add(residentBytes(Files.readString(process.resolve("status"))));
        }
        return new ServerUsage(cpuMicros, residentBytes);
    }

    /** The name may hold blanks and parentheses: fields are counted behind its last one. */
    static long cpuMicros(String stat) {
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) * MICROS_PER_TICK;
    }

    /** 0 for a process without memory of its own (a zombie). */
    static long residentBytes(String status) {
        return status.lines()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024)
                .findFirst()
                .orElse(0);
    }
}
