// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.cli.log.Logging;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.GoDuration;
import io.jangada.simulation.Campaign;
import io.jangada.simulation.Fault;
import io.jangada.simulation.Marks;
import io.jangada.simulation.Replay;
import io.jangada.simulation.Shrinking;
import io.jangada.simulation.Size;
import io.jangada.simulation.Verdict;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs simulated clusters (docs/simulation.md). Standard output has a line for each seed that breaks a promise, what
 * led to the first of them, and figures. Exit code 0: every promise was kept; 1: one was broken; 2: not run, as an
 * argument is no good, or not all of the rare points were reached that had to be.
 */
@Command(name = "simulate", description = "Run clusters in virtual time against a hostile world, by seed.", mixinStandardHelpOptions = true)
final class SimulateCommand implements Callable<Integer> {
    private static final int BAD = 2;
    private static final int SEED_BITS = 40;
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    @Option(names = "--seed", paramLabel = "SEED", description = "The first seed; a fresh one if none is given.")
    private @Nullable Long seed;

    @Option(names = "--seeds", paramLabel = "N", description = "How many seeds, one after the other (default: 1, or with --for as many as there is time for).")
    private @Nullable Integer seeds;

    @Option(names = "--for", paramLabel = "TIME", description = "After this time, by the clock, no seed begins.")
    private @Nullable String limit;

    @Option(names = "--time", paramLabel = "TIME", description = "How long the world is hostile, in virtual time (default: 60s).")
    private String time = "60s";

    @Option(names = "--faults", paramLabel = "FAULTS", description = "What the world may do, such as crash,partition; all or none (default: all).")
    private String faults = "all";

    @Option(names = "--jobs", paramLabel = "J", description = "How many seeds run at the same time (default: 1).")
    private int jobs = 1;

    @Option(names = "--voters", paramLabel = "N", description = "How many voters begin; the seed decides if not given.")
    private @Nullable Integer voters;

    @Option(names = "--learners", paramLabel = "N", description = "How many learners are added; the seed decides if not given.")
    private @Nullable Integer learners;

    @Option(names = "--clients", paramLabel = "N", description = "How many clients ask; the seed decides if not given.")
    private @Nullable Integer clients;

    @Option(names = "--watchers", paramLabel = "N", description = "How many watch; the seed decides if not given.")
    private @Nullable Integer watchers;

    @Option(names = "--shrink", paramLabel = "RUNS", description = "How many runs a smaller scenario may take to find (default: 60).")
    private int shrinkRuns = 60;

    @Option(names = "--require-marks", description = "Fail if not every rare point was reached: for runs of a night.")
    private boolean requireMarks;

    @Override
    public Integer call() {
        Campaign campaign;
        try {
            campaign = campaign();
        } catch (ConfigException | IllegalArgumentException refused) {
            System.err.println("jangada: " + refused.getMessage());
            return BAD;
        }
        Logging.configure("error", "console", List.of()); // Members that fail are what this is about.
        Campaign.Result result = campaign.run(SimulateCommand::tell, System::nanoTime);
        result.firstBroken().ifPresent(this::explain);
        System.out.println(result.summary());
        List<String> missing = Marks.missing(result.marks());
        System.out.println("reached " + (Marks.all().size() - missing.size()) + " of "
                + Marks.all().size() + " rare points"
                + (missing.isEmpty() ? "" : "; not: " + String.join(", ", missing)));
        if (result.broken() > 0) {
            return 1;
        }
        return requireMarks && !missing.isEmpty() ? BAD : 0;
    }

    private Campaign campaign() throws ConfigException {
        Duration span = GoDuration.parse("--time", time);
        long first = seed == null
                ? new SecureRandom().nextLong() >>> (Long.SIZE - SEED_BITS)
                : seed;
        Duration whole = limit == null ? FOR_EVER : GoDuration.parse("--for", limit);
        int most = limit == null ? 1 : Integer.MAX_VALUE;
        int count = seeds == null ? most : seeds;
        System.out.println("seeds " + first + (count == Integer.MAX_VALUE
                ? " and those that follow"
                : " to " + (first + count - 1)));
        return new Campaign(first, count, whole, jobs, span, allowed(), sizes());
    }

    private Map<Size, Integer> sizes() {
        Map<Size, Integer> given = new EnumMap<>(Size.class);
        put(given, Size.VOTERS, voters);
        put(given, Size.LEARNERS, learners);
        put(given, Size.CLIENTS, clients);
        put(given, Size.WATCHERS, watchers);
        return given;
    }

    private static void put(Map<Size, Integer> given, Size size, @Nullable Integer count) {
        if (count != null) {
            given.put(size, count);
        }
    }

    private Set<Fault> allowed() {
        if (faults.equals("all")) {
            return EnumSet.allOf(Fault.class);
        }
        Set<Fault> chosen = EnumSet.noneOf(Fault.class);
        if (!faults.equals("none")) {
            for (String name : faults.split(",", -1)) {
                chosen.add(fault(name));
            }
        }
        return chosen;
    }

    private static Fault fault(String name) {
        Optional<Fault> found = EnumSet.allOf(Fault.class).stream()
                .filter(one -> Replay.name(one).equals(name.toLowerCase(Locale.ROOT))).findFirst();
        return found.orElseThrow(() -> new IllegalArgumentException("--faults: no fault \"" + name
                + "\"; there are "
                + EnumSet.allOf(Fault.class).stream().map(Replay::name).toList()));
    }

    private static void tell(Verdict verdict) {
        if (verdict instanceof Verdict.Broken broken) {
            System.out.println("broken  " + Replay.command(broken.scenario()) + "  # "
                    + broken.what());
        }
    }

    private void explain(Verdict.Broken broken) {
        System.out.println("looking for a smaller scenario, in at most " + shrinkRuns + " runs");
        Verdict.Broken smallest = Shrinking.shrink(broken, shrinkRuns);
        System.out.println(smallest.scenario());
        Replay.timeline(smallest).forEach(line -> System.out.println("  " + line));
        System.out.println("again:\n  " + Replay.command(smallest.scenario()));
        System.out.println("as a test:\n" + Replay.test(smallest).indent(2));
    }
}
