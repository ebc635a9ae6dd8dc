// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.checker.Verdict.Passed;
import io.jangada.checker.Verdict.Undecided;
import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.history.History;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.revision.RevisionChecker;
import io.jangada.mvcc.KvHash;
import io.jangada.mvcc.ReadView;
import io.jangada.raft.model.ConfState;
import io.jangada.raftnode.Command;
import io.jangada.server.apply.ApplyResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * One run: a cluster in a hostile world, then at peace, where it has to answer and agree; then what its clients were
 * told is checked. Belongs to the thread that runs it.
 */
public final class Simulation {
    private static final Duration RECOVERY = Duration.ofMinutes(2);

    private final World world;
    private final Nemesis nemesis;
    private final HistoryBuilder history = History.builder();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final List<SimulatedWatcher> watchers = new ArrayList<>();

    private Simulation(Scenario scenario) {
        world = new World(scenario);
        nemesis = new Nemesis(world);
        Expiries expiries = new Expiries(history, world.trace().marks(),
                world.loops().clock());
        world.invariants().tellFirsts((command, result) -> applied(expiries, command, result));
        for (long id = 1; id <= scenario.count(Size.CLIENTS); id++) {
            clients.add(new SimulatedClient(world, id, history, expiries));
        }
        for (long id = 1; id <= scenario.count(Size.WATCHERS); id++) {
            watchers.add(new SimulatedWatcher(world, scenario.count(Size.CLIENTS) + id, history));
        }
    }

    /** Runs {@code scenario}. Never throws for what it finds. */
    public static Verdict run(Scenario scenario) {
        Simulation simulation = new Simulation(scenario);
        try {
            simulation.run();
            return new Verdict.Kept(scenario, simulation.world.trace().hash(),
                    simulation.world.trace().marks().counts(),
                    Duration.ofNanos(simulation.world.loops().clock().nanos()),
                    simulation.history.operationCount(),
                    simulation.world.invariants().appliedMax());
        } catch (RuntimeException | Error broken) {
            return new Verdict.Broken(scenario, simulation.world.trace().hash(),
                    simulation.world.trace().marks().counts(),
                    Duration.ofNanos(simulation.world.loops().clock().nanos()),
                    String.valueOf(broken), broken,
                    simulation.world.trace().lines());
        }
    }

    /** The cluster applies {@code command} for the first time. */
    private void applied(Expiries expiries, Command command, ApplyResult result) {
        InternalRaftRequest request;
        try {
            request = InternalRaftRequest.parseFrom(command.data().asByteBuffer());
        } catch (InvalidProtocolBufferException malformed) {
            throw new Violation("well-formed entries", String.valueOf(malformed));
        }
        world.hindsight().applied(request, result);
        if (result instanceof ApplyResult.Done done) {
            expiries.applied(request, command.id().term(), done.revision());
            world.unknowns().applied(request);
        }
    }

    private void run() {
        world.present().forEach(world::start);
        clients.forEach(SimulatedClient::begin);
        watchers.forEach(SimulatedWatcher::begin);
        nemesis.begin();
        runUntil(() -> false, world.scenario().span());
        nemesis.end();
        recover();
        world.unknowns().end();
        check();
    }

    /** A member whose task sees a promise broken stops, as it does for any failure: so it is looked for here. */
    private boolean runUntil(BooleanSupplier reached, Duration span) {
        boolean was = world.loops().runUntil(
                () -> world.invariants().broken().isPresent() || reached.getAsBoolean(), span);
        world.invariants().broken().ifPresent(violation -> {
            throw violation;
        });
        return was;
    }

    /** Liveness: at peace, everything is answered, and all members have the same. */
    private void recover() {
        Set<SimulatedClient> done = new HashSet<>();
        clients.forEach(SimulatedClient::end);
        await("every request ends", () -> clients.stream().allMatch(SimulatedClient::isIdle));
        clients.forEach(client -> write(client, done));
        await("every client can write", () -> done.size() == clients.size());
        await("all members have applied the same", this::areEqual);
        await("no configuration is joint", () -> members().stream()
                .noneMatch(member -> member.node().status().confState().isJoint()));
        checkHashes();
        world.invariants().settle();
        world.retireAllBut(members());
        long revision = members().getFirst().store().revision();
        await("every watcher is told everything",
                () -> watchers.stream().allMatch(watcher -> watcher.knows(revision)));
    }

    private static void write(SimulatedClient client, Set<SimulatedClient> done) {
        client.write(written -> {
            if (written) {
                done.add(client);
            } else {
                write(client, done);
            }
        });
    }

    private void await(String what, BooleanSupplier reached) {
        if (!runUntil(reached, RECOVERY)) {
            world.running().forEach(seat -> world.trace()
                    .tell(String.valueOf(seat.process().orElseThrow().node().status())));
            throw new Violation("liveness",
                    "not within " + RECOVERY.toSeconds() + " s of peace: " + what);
        }
    }

    private List<SimulatedMember> members() {
        List<SimulatedMember> members = new ArrayList<>();
        ConfState confState = world.leader().map(leader -> leader.node().status().confState())
                .orElse(ConfState.EMPTY);
        Set<Long> ids = new HashSet<>(confState.voters());
        ids.addAll(confState.learners());
        for (Seat seat : world.running()) {
            if (ids.contains(seat.id())) {
                members.add(seat.process().orElseThrow());
            }
        }
        return members.size() == ids.size() ? members : List.of();
    }

    private boolean areEqual() {
        List<SimulatedMember> members = members();
        long last = members.stream().mapToLong(member -> member.node().status().last().index())
                .max().orElse(0);
        return last >= world.invariants().appliedMax() && members.stream()
                .allMatch(member -> member.node().status().applied() == last);
    }

    private void checkHashes() {
        KvHash first = null;
        for (SimulatedMember member : members()) {
            try (ReadView view = member.store().view()) {
                KvHash hash = view.hashKv(0);
                if (first != null && !first.equals(hash)) {
                    throw new Violation("equal states",
                            "member " + member.id() + " has " + hash + ", another "
                                    + first);
                }
                first = hash;
            }
        }
    }

    private void check() {
        History known = world.hindsight().of(history.build(), world.loops().clock().nanos());
        switch (RevisionChecker.check(known)) {
            case Passed ignored -> {
            }
            case Violated violated ->
                throw new Violation(violated.kind().toString(), violated.what());
            case Undecided undecided -> throw new Violation("decided", undecided.why());
        }
    }
}
