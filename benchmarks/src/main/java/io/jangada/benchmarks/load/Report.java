// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;

/**
 * A run's result, for people and as one line of JSON.
 *
 * @param run what was run, in words
 * @param seconds length of the measured window
 * @param latencyMicros of the successful requests
 * @param errors failed requests by gRPC status
 * @param unanswered requests without an answer when the run gave up waiting
 * @param serverCpuMicros CPU time of the given processes in the window
 * @param serverResidentBytes their resident memory after it; empty when none were given
 * @param generatorCpuMicros the generator's own CPU time in the window
 */
record Report(Run run, double seconds, Histogram latencyMicros, Map<String, Long> errors,
        long unanswered,
        long serverCpuMicros, List<Long> serverResidentBytes, long generatorCpuMicros) {

    private static final double MIB = 1024.0 * 1024.0;

    /** What was asked for. {@code perSecond} is 0 in a closed loop. */
    record Run(Operation operation, int clients, double perSecond, int connections, int endpoints,
            int valueBytes) {}

    Report {
        errors = Map.copyOf(errors);
        serverResidentBytes = List.copyOf(serverResidentBytes);
    }

    double perSecond() {
        return latencyMicros.getTotalCount() / seconds;
    }

    private double perOperation(long micros) {
        return latencyMicros.getTotalCount() == 0
                ? 0
                : (double) micros / latencyMicros.getTotalCount();
    }

    private double residentMib() {
        return serverResidentBytes.stream().mapToLong(Long::longValue).sum() / MIB;
    }

    private double millis(double percentile) {
        return latencyMicros.getValueAtPercentile(percentile) / 1e3;
    }

    private String errorsText(String quote, String between, String separator) {
        return errors.entrySet()
                .stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> quote + e.getKey() + quote + between + e.getValue())
                .collect(Collectors.joining(separator));
    }

    String table() {
        var text = new StringBuilder();
        line(text, "operation", run.operation.name().toLowerCase(Locale.ROOT) + ", " + loadText());
        line(text, "connections", run.connections + " to " + run.endpoints + " endpoint(s)");
        line(text, "completed",
                String.format(Locale.ROOT, "%d in %.1f s", latencyMicros.getTotalCount(), seconds));
        line(text, "throughput", String.format(Locale.ROOT, "%.0f/s", perSecond()));
        line(text, "latency ms",
                String.format(Locale.ROOT, "p50 %.2f  p90 %.2f  p99 %.2f  p99.9 %.2f  max %.2f",
                        millis(50), millis(90), millis(99), millis(99.9),
                        latencyMicros.getMaxValue() / 1e3));
        line(text, "errors", errors.isEmpty() ? "none" : errorsText("", " ", ", "));
        if (unanswered > 0) {
            line(text, "unanswered", Long.toString(unanswered));
        }
        if (!serverResidentBytes.isEmpty()) {
            line(text, "servers", String.format(Locale.ROOT,
                    "%.1f µs CPU per operation, %.2f cores, %.0f MiB resident in %d process(es)",
                    perOperation(serverCpuMicros), serverCpuMicros / seconds / 1e6, residentMib(),
                    serverResidentBytes.size()));
        }
        line(text, "generator",
                String.format(Locale.ROOT, "%.1f µs CPU per operation",
                        perOperation(generatorCpuMicros)));
        return text.toString();
    }

    private String loadText() {
        return run.perSecond == 0
                ? run.clients + " clients, closed loop"
                : String.format(Locale.ROOT, "%.0f/s, open loop", run.perSecond);
    }

    private static void line(StringBuilder text, String name, String value) {
        text.append(String.format(Locale.ROOT, "%-12s %s%n", name, value));
    }

    /** One object in one line; latencies in milliseconds, memory in MiB. */
    String json() {
        return String.format(Locale.ROOT,
                "{\"operation\":\"%s\",\"clients\":%d,\"rate\":%.1f,\"connections\":%d,\"endpoints\":%d,"
                        + "\"value_bytes\":%d,\"seconds\":%.3f,\"completed\":%d,\"per_second\":%.1f,"
                        + "\"p50_ms\":%.3f,\"p90_ms\":%.3f,\"p99_ms\":%.3f,\"p999_ms\":%.3f,\"max_ms\":%.3f,"
                        + "\"errors\":{%s},\"unanswered\":%d,\"server_cpu_us_per_op\":%.2f,"
                        + "\"server_cpu_seconds\":%.2f,\"server_rss_mib\":%.1f,\"generator_cpu_us_per_op\":%.2f}",
                run.operation.name().toLowerCase(Locale.ROOT), run.clients, run.perSecond,
                run.connections,
                run.endpoints, run.valueBytes, seconds, latencyMicros.getTotalCount(), perSecond(),
                millis(50),
                millis(90), millis(99), millis(99.9), latencyMicros.getMaxValue() / 1e3,
                errorsText("\"", ":", ","), unanswered, perOperation(serverCpuMicros),
                serverCpuMicros / 1e6,
                residentMib(), perOperation(generatorCpuMicros));
    }
}
