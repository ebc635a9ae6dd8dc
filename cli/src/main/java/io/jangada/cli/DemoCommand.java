// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.api.etcd.StatusResponse;
import io.jangada.cli.client.EtcdClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;

/**
 * Three members on this machine, each a process of its own, watched live until Ctrl-C. The main
 * thread starts and watches them; the JVM's shutdown stops them.
 */
@Command(name = "demo", description = "Run a cluster of three members on this machine, and watch it.", mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
    private static final long START_MILLIS_MAX = 60_000;
    private static final long STOP_MILLIS_MAX = 5_000;
    private static final long LOOK_INTERVAL_MILLIS = 500;
    private static final long STATUS_TIMEOUT_MILLIS = 400;

    @Option(names = "--data-dir", paramLabel = "DIR", defaultValue = "jangada-demo", description = "Where the members keep their data and logs (default: ${DEFAULT-VALUE}).")
    private Path folder = Path.of("jangada-demo");

    private final List<DemoMember> members = new ArrayList<>();
    private final boolean terminal = Boolean.getBoolean("jangada.terminal");
    /** Written by the JVM's shutdown, read by the main thread. */
    private volatile boolean stopping;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Files.createDirectories(folder);
        List<DemoMember.Address> addresses = DemoPorts.choose(folder);
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAll, "demo-stop"));
        System.out
                .println("Starting three members; data and logs are in " + folder.toAbsolutePath());
        Path program = Path.of(System.getProperty("jangada.home", "."), "bin", "jangada");
        for (DemoMember.Address address : addresses) {
            members.add(DemoMember.start(program, folder, address, addresses));
        }
        List<String> endpoints = addresses.stream().map(DemoMember.Address::clientEndpoint)
                .toList();
        try (var client = new EtcdClient(endpoints, STATUS_TIMEOUT_MILLIS)) {
            awaitServing(client);
            explain(endpoints);
            watch(client);
        }
        return 1; // All members are gone, and nobody asked for it.
    }

    private void awaitServing(EtcdClient client) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(START_MILLIS_MAX);
        while (!allServe(client)) {
            for (DemoMember member : members) {
                if (!member.isAlive()) {
                    throw new IllegalStateException(
                            member.address().name() + " stopped: " + member.lastLogLine());
                }
            }
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        "the members do not serve after " + START_MILLIS_MAX / 1000
                                + " s; their logs are in " + folder.toAbsolutePath());
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean allServe(EtcdClient client) {
        return members.stream().allMatch(member -> client.status(member.address().clientEndpoint())
                .filter(status -> status.getLeader() != 0)
                .isPresent());
    }

    private static void explain(List<String> endpoints) {
        String all = String.join(",", endpoints);
        System.out.println(Ansi.AUTO.string("""

                The cluster serves at @|bold %s|@. Try, in another terminal:

                  ETCDCTL_API=3 etcdctl --endpoints=%s put greeting hello
                  curl http://%s/health
                  ./jangada get --endpoints=%s greeting      (and: put KEY VALUE)

                Ctrl-C stops all three; the next demo goes on with the same data.
                """.formatted(all, all, endpoints.getFirst(), all)));
    }

    private void watch(EtcdClient client) throws InterruptedException {
        String before = "";
        while (members.stream().anyMatch(DemoMember::isAlive)) {
            String table = table(client);
            if (stopping) {
                return; // What is going down is not worth a look.
            }
            if (terminal) {
                long linesUp = before.lines().count();
                System.out.print((linesUp > 0 ? "\u001b[" + linesUp + "A\u001b[J" : "") + table);
                before = table;
            } else if (!table.equals(before)) {
                System.out.print(table);
                before = table;
            }
            System.out.flush();
            TimeUnit.MILLISECONDS.sleep(terminal ? LOOK_INTERVAL_MILLIS : 4 * LOOK_INTERVAL_MILLIS);
        }
        System.out.println("All members have stopped.");
    }

    private String table(EtcdClient client) {
        var table = new StringBuilder();
        table.append(String.format(Locale.ROOT, "  %-6s %-18s %-8s %-10s %6s %12s %12s%n",
                "MEMBER", "ENDPOINT", "PID", "ROLE", "TERM", "COMMIT", "APPLIED"));
        for (DemoMember member : members) {
            table.append(row(member, client.status(member.address().clientEndpoint())));
        }
        return table.toString();
    }

    private static String row(DemoMember member, Optional<StatusResponse> answer) {
        String endpoint = member.address().clientEndpoint();
        if (answer.isEmpty()) {
            return String.format(Locale.ROOT, "  %-6s %-18s %-8d %-10s%n", member.address().name(),
                    endpoint,
                    member.pid(), member.isAlive() ? "no answer" : "down");
        }
        StatusResponse status = answer.get();
        boolean leads = status.getLeader() == status.getHeader().getMemberId();
        String role = leads ? "leader" : status.getLeader() == 0 ? "no leader" : "follower";
        return String.format(Locale.ROOT, "  %-6s %-18s %-8d %-10s %6d %12d %12d%n",
                member.address().name(), endpoint,
                member.pid(), role, status.getRaftTerm(), status.getRaftIndex(),
                status.getRaftAppliedIndex());
    }

    private void stopAll() {
        stopping = true;
        members.forEach(DemoMember::stop);
        members.forEach(member -> member.awaitEnd(STOP_MILLIS_MAX));
    }
}
