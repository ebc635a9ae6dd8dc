// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.jangada.checker.Verdict;
import io.jangada.checker.history.History;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.WatchRecorder;
import io.jangada.checker.revision.RevisionChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One run: a cluster of real processes, clients and watchers, faults, the end of faults, and the check of what was told.
 * Belongs to one thread, which makes the faults.
 */
public final class Torture {
    private static final long START_NANOS_MAX = TimeUnit.SECONDS.toNanos(90);
    private static final long LOOK_MILLIS = 250;

    private final Plan plan;
    private final Consumer<String> out;
    private final Clock clock = new Clock();
    private final Disks disks = new Disks();
    private final Elections elections = new Elections();
    private final ScheduledExecutorService timer = Executors.newScheduledThreadPool(2,
            Thread.ofPlatform().daemon().name("torture-timer").factory());

    private Torture(Plan plan, Consumer<String> out) {
        this.plan = plan;
        this.out = out;
    }

    /**
     * Runs {@code plan} to its end. The members have ended when it returns.
     *
     * @param out is told a line at a time what happens
     * @throws NotStartedException if the cluster does not serve before the first fault
     * @throws IOException if the folder cannot be used or a process cannot be started
     */
    public static Report run(Plan plan, Consumer<String> out)
            throws IOException, InterruptedException, NotStartedException {
        return new Torture(plan, out).run();
    }

    private Report run() throws IOException, InterruptedException, NotStartedException {
        try (Cluster cluster = new Cluster(plan)) {
            Thread hook = new Thread(() -> stop(cluster), "torture-stop");
            Runtime.getRuntime().addShutdownHook(hook);
            try {
                Report report = run(cluster);
                if (report.exitCode() == 0) {
                    disks.close();
                }
                return report;
            } catch (IOException | NotStartedException failed) {
                stop(cluster);
                throw failed;
            } finally {
                timer.shutdownNow();
                Runtime.getRuntime().removeShutdownHook(hook);
            }
        }
    }

    private void stop(Cluster cluster) {
        try {
            cluster.close();
            disks.close();
        } catch (IOException failed) {
            out.accept("not cleaned up: " + failed.getMessage());
        }
    }

    private Report run(Cluster cluster)
            throws IOException, InterruptedException, NotStartedException {
        Set<FaultKind> kinds = possible(cluster);
        start(cluster);
        List<Watcher> watchers = watchers(cluster);
        watchers.forEach(Watcher::begin);
        var ignored = timer.scheduleWithFixedDelay(() -> elections.look(cluster.members()), 0,
                LOOK_MILLIS,
                TimeUnit.MILLISECONDS);
        long begin = clock.nanos();
        long end = begin + plan.time().toNanos();
        List<Client> clients = new ArrayList<>();
        long pace = Math.max(1, TimeUnit.SECONDS.toNanos(plan.clients()) / plan.rate());
        for (int i = 0; i <= plan.clients(); i++) {
            clients.add(new Client(i, plan, cluster.members(), clock, end, pace));
        }
        Client last = clients.get(plan.clients());
        List<Thread> threads = clients.stream().filter(client -> client != last)
                .map(client -> Thread.ofVirtual().start(client)).toList();
        Nemesis nemesis = new Nemesis(cluster, kinds, plan.seed(), clock, out);
        nemesis.run(end);
        for (Thread thread : threads) {
            thread.join();
        }
        Duration load = Duration.ofNanos(clock.nanos() - begin);
        out.accept(String.format(Locale.ROOT, "%9.3f s  the faults are over", clock.seconds()));
        List<String> broken = new Ending(cluster, clock).run(last, plan.keys(), watchers);
        out.accept(String.format(Locale.ROOT, "%9.3f s  checking", clock.seconds()));
        History history = history(clients, watchers);
        cluster.close();
        long checking = System.nanoTime();
        Verdict verdict = RevisionChecker.check(history);
        return new Report(plan.seed(), history, load, nemesis.counts(), nemesis.exits(),
                elections.count(), broken, verdict,
                Duration.ofNanos(System.nanoTime() - checking));
    }

    /** Without the faults that this machine does not offer. */
    private Set<FaultKind> possible(Cluster cluster) throws IOException, InterruptedException {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        kinds.addAll(plan.faults());
        if (kinds.contains(FaultKind.CLOCK) && !isInstalled("faketime")) {
            out.accept("skipped: clock, as the program faketime is not installed");
            kinds.remove(FaultKind.CLOCK);
        }
        if (kinds.contains(FaultKind.DISK) && !disks
                .mount(cluster.members().stream().map(Member::dataFolder).toList())) {
            out.accept("skipped: disk, as a file system in memory may not be mounted here");
            kinds.remove(FaultKind.DISK);
        }
        return kinds;
    }

    private static boolean isInstalled(String program) {
        return Arrays.stream(System.getenv().getOrDefault("PATH", "").split(":", -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private void start(Cluster cluster)
            throws IOException, InterruptedException, NotStartedException {
        try {
            cluster.start();
        } catch (IOException failed) {
            throw new NotStartedException(String.valueOf(failed.getMessage()));
        }
        while (!cluster.isReady()) {
            for (Member member : cluster.members()) {
                if (!member.isAlive() || clock.nanos() > START_NANOS_MAX) {
                    throw new NotStartedException(member.name() + (member.isAlive()
                            ? " does not serve"
                            : " has ended") + " before the first fault; its log ends with\n"
                            + member.lastLogged());
                }
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
        out.accept(String.format(Locale.ROOT, "%9.3f s  %d members serve; data and logs in %s",
                clock.seconds(), plan.members(), plan.folder()));
    }

    /** Two of everything, and two of some keys, at different members. */
    private List<Watcher> watchers(Cluster cluster) {
        KeyRange some = new KeyRange(Requests.key(0), Requests.key(5));
        return List.of(watcher(KeyRange.all(), false, cluster, 0),
                watcher(KeyRange.all(), true, cluster, 1), watcher(some, true, cluster, 2),
                watcher(KeyRange.of(Requests.key(0)), false, cluster, 3));
    }

    private Watcher watcher(KeyRange range, boolean prevKv, Cluster cluster, int member) {
        return new Watcher(range, prevKv, cluster.members(), member, clock, timer);
    }

    private History history(List<Client> clients, List<Watcher> watchers) {
        HistoryBuilder builder = History.builder();
        clients.stream().flatMap(client -> client.record().stream())
                .sorted(Comparator.comparingLong(Operation::callNanos))
                .forEach(each -> builder.add(each.client(), each.callNanos(),
                        each.returnNanos(), each.request(), each.response()));
        for (int i = 0; i < watchers.size(); i++) {
            List<Watcher.Part> parts = watchers.get(i).stop().stream()
                    .filter(part -> !part.told().isEmpty()).toList();
            for (Watcher.Part part : parts) {
                WatchRecorder recorder = builder.watch(clients.size() + (long) i,
                        part.callNanos(), part.request());
                part.told().forEach(recorder::told);
            }
        }
        return builder.build();
    }
}
