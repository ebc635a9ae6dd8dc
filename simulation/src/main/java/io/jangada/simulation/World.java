// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.RaftStatus;
import io.jangada.raftnode.VirtualEventLoops;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.ServerConfig;
import io.jangada.wal.disk.DiskCrashedException;
import io.jangada.wal.disk.Tear;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.Consumer;

/** Machines, links and time: what a cluster runs in, and what can be done to it. */
final class World implements SimulatedMember.Ends, Sight {
    private static final String DAMAGED_SUFFIX = ".damaged";
    /** How much later than it is due a task begins, at the most: chance decides what comes first of two. */
    static final int TURN_NANOS_MAX = 20_000;
    /** Between these, short more often than long, most things are away or wrong. */
    static final Duration SHORT = Duration.ofMillis(5);
    static final Duration LONG = Duration.ofSeconds(8);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final Duration AFTER_A_STOP = Duration.ofMillis(500);

    private final Scenario scenario;
    private final VirtualEventLoops loops;
    private final Trace trace;
    private final Invariants invariants;
    private final Wires wires;
    private final Unknowns unknowns;
    private final Hindsight hindsight = new Hindsight();
    private final EventLoop loop;
    private final SimulatedMember.Parts parts;
    private final Chance machines;
    private final SplittableRandom identities;
    private final Map<Long, Seat> seats = new TreeMap<>();
    private Consumer<SimulatedMember> leads = member -> {};
    private Consumer<SimulatedMember> joint = member -> {};
    private Duration forces = Duration.ZERO;
    private long slow;

    /** With the scenario's voters, which have not started. */
    World(Scenario scenario) {
        this.scenario = scenario;
        SplittableRandom turns = Chance.of(scenario.seed(), "turns").generator();
        loops = new VirtualEventLoops(() -> turns.nextInt(TURN_NANOS_MAX));
        trace = new Trace(loops.clock());
        invariants = new Invariants(trace, new Conversation(scenario, loops.clock(), this));
        unknowns = new Unknowns(trace.marks());
        loop = loops.loop("world", World::rethrow);
        machines = Chance.of(scenario.seed(), "machines");
        identities = Chance.of(scenario.seed(), "identities").generator();
        wires = new Wires(loop, loops.clock(), Chance.of(scenario.seed(), "wires"),
                scenario.faults(), invariants,
                trace);
        parts = new SimulatedMember.Parts(scenario, config(), loops, wires.hub(), loop,
                invariants, trace,
                this);
        List<Member> voters = new ArrayList<>();
        for (long id = 1; id <= scenario.count(Size.VOTERS); id++) {
            voters.add(new Member(id, List.of()));
        }
        voters.forEach(voter -> sit(voter.id(), GroupStart.NEW, voters));
        later(LOOK, this::lookForCrashes);
    }

    /** A machine that has crashed in the middle of what it wrote takes its process with it. */
    private void lookForCrashes() {
        for (Seat seat : running()) {
            seat.look();
            invariants.look(seat.id());
            if (seat.disk().isCrashed()) {
                trace.tell("member " + seat.id() + " has crashed");
                fall(seat);
                later(Duration.ofMillis(machines.between(1, 2_000)), () -> start(seat));
            }
        }
        later(LOOK, this::lookForCrashes);
    }

    private static ServerConfig config() {
        try {
            return ServerConfig.builder("simulated", Path.of("/unused")).build();
        } catch (ConfigException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static void rethrow(Throwable thrown) {
        if (thrown instanceof RuntimeException unexpected) {
            throw unexpected;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        throw new IllegalStateException(thrown);
    }

    Scenario scenario() {
        return scenario;
    }

    VirtualEventLoops loops() {
        return loops;
    }

    /** The world's own loop, for what is nobody's. */
    EventLoop loop() {
        return loop;
    }

    Trace trace() {
        return trace;
    }

    Invariants invariants() {
        return invariants;
    }

    Unknowns unknowns() {
        return unknowns;
    }

    Hindsight hindsight() {
        return hindsight;
    }

    Marks marks() {
        return trace.marks();
    }

    Wires wires() {
        return wires;
    }

    Map<Long, Seat> seats() {
        return seats;
    }

    /** The seats that are members, or were told to become so. */
    List<Seat> present() {
        return seats.values().stream().filter(seat -> !seat.isRetired()).toList();
    }

    /** The seats whose process runs. */
    List<Seat> running() {
        return present().stream().filter(seat -> seat.process().isPresent()).toList();
    }

    /** The process that leads in the highest term; empty if none does. */
    Optional<SimulatedMember> leader() {
        SimulatedMember best = null;
        long term = 0;
        for (Seat seat : running()) {
            SimulatedMember process = seat.process().orElseThrow();
            RaftStatus status = process.node().status();
            if (status.isLeader() && !status.stopped() && status.term() > term) {
                best = process;
                term = status.term();
            }
        }
        return Optional.ofNullable(best);
    }

    /** A new machine, with an empty disk and no process. */
    Seat sit(long id, GroupStart how, List<Member> members) {
        double rate = scenario.faults().contains(Fault.DRIFT)
                ? 1 + machines.between(-80, 80) / 1e3
                : 1;
        Seat seat = new Seat(id, rate, how, members);
        seats.put(id, seat);
        return seat;
    }

    /** Starts the process; if it crashes meanwhile or refuses, it is tried again later. */
    void start(Seat seat) {
        if (seat.isRetired() || seat.process().isPresent()) {
            return;
        }
        wires.beginning(seat.id());
        seat.disk().beforeForces(() -> force(seat));
        try {
            SimulatedMember.durable(scenario, seat.id(), seat.disk().copy()).ifPresentOrElse(
                    found -> invariants.recovered(seat.id(), found),
                    () -> invariants.unreadable(seat.id()));
            invariants.began(seat.id(), seat.rate());
            seat.process(SimulatedMember.start(parts, seat.id(), seat.rate(), seat.disk(),
                    seat.backend(),
                    seat.how(), seat.members(), identities.split()));
            trace.tell("member " + seat.id() + " starts");
            if (isSetAside(seat)) {
                marks().see(Marks.Point.LOG_SET_ASIDE);
            }
        } catch (DiskCrashedException crashed) {
            trace.tell("member " + seat.id() + " crashes while it starts");
            marks().see(Marks.Point.CRASH_WHILE_STARTING);
            fall(seat);
            later(Duration.ofMillis(machines.between(1, 1_000)), () -> start(seat));
        } catch (IOException refused) {
            trace.tell("member " + seat.id() + " does not start: " + refused.getMessage());
            marks().see(Marks.Point.START_REFUSED);
            fall(seat);
            if (seat.isSick()) {
                seat.wipe();
                invariants.forgot(seat.id(), false);
            }
            later(Duration.ofMillis(machines.between(100, 1_000)), () -> start(seat));
        }
    }

    @Override
    public Optional<RaftStatus> status(long member) {
        return Optional.ofNullable(seats.get(member)).flatMap(Seat::process)
                .map(process -> process.node().status());
    }

    @Override
    public Optional<DurableLog> afterCrash(long member) {
        Seat seat = seats.get(member);
        if (seat == null || seat.isSick()) {
            return Optional.empty();
        }
        Optional<DurableLog> left = SimulatedMember.durable(scenario, member,
                seat.disk().afterCrash());
        if (left.isEmpty()) {
            throw new Violation("what is acknowledged survives a crash",
                    "a crash of member " + member + " would leave no log that can be read");
        }
        return left;
    }

    void later(Duration span, Runnable task) {
        loop.schedule(task, span.toNanos());
    }

    private void force(Seat seat) {
        if (slow == seat.id() && !forces.isZero() && loops.current().startsWith("wal-")) {
            loops.runFor(forces);
        }
    }

    /** From now on the forces of one member's log take {@code span}; with zero, of none. */
    void forcesTake(long member, Duration span) {
        slow = member;
        forces = span;
    }

    /** The machine crashes, and what was not forced is lost as {@code tear} says. */
    void crash(Seat seat, Tear tear) {
        trace.tell("member " + seat.id() + " crashes");
        seat.disk().crash();
        end(seat);
        seat.disk().restart(tear);
    }

    /** The machine crashes, if its process runs, and that starts later; perhaps it crashes again soon. */
    void crashAndComeBack(Seat seat) {
        if (seat.process().isEmpty()) {
            return;
        }
        crash(seat, Tear.random(machines.generator()));
        if (machines.once(4)) {
            seat.disk().crashAt(seat.disk().operations() + machines.between(1, 40));
        }
        later(machines.span(SHORT, LONG), () -> start(seat));
    }

    private void fall(Seat seat) {
        end(seat);
        seat.disk().restart(Tear.random(identities.split()));
    }

    /** The process dies, and the machine does not. */
    void kill(Seat seat) {
        trace.tell("member " + seat.id() + " is killed");
        end(seat);
        seat.disk().restartProcess();
    }

    private void end(Seat seat) {
        seat.process().ifPresent(process -> {
            process.loops().end();
            process.host().network().close();
            wires.ended(seat.id());
        });
        seat.ended();
    }

    @Override
    public void stopped(SimulatedMember member, Optional<Throwable> failure) {
        failure.filter(why -> !isOfTheDisk(why)).ifPresent(why -> {
            throw invariants.unexpected(member.id(), why);
        });
        failure.ifPresent(why -> marks().see(isCrash(why)
                ? Marks.Point.CRASH_IN_A_WRITE
                : Marks.Point.DISK_ENDS_A_MEMBER));
        later(AFTER_A_STOP, () -> {
            Seat seat = seats.get(member.id());
            if (seat != null && seat.process().filter(member::equals).isPresent()) {
                fall(seat);
                later(Duration.ofMillis(machines.between(1, 2_000)), () -> start(seat));
            }
        });
    }

    private static boolean isCrash(Throwable failure) {
        return failure instanceof DiskCrashedException
                || failure.getCause() instanceof DiskCrashedException;
    }

    private static boolean isSetAside(Seat seat) throws IOException {
        return seat.disk().list(SimulatedMember.DIRECTORY.resolve("wal")).stream()
                .anyMatch(name -> name.endsWith(DAMAGED_SUFFIX));
    }

    private static boolean isOfTheDisk(Throwable failure) {
        for (Throwable why = failure; why != null; why = why.getCause()) {
            if (why instanceof IOException || why instanceof UncheckedIOException) {
                return true;
            }
        }
        return false;
    }

    /** Ends what was removed and has not heard of it, and what never became a member: nobody has to hear of them. */
    void retireAllBut(List<SimulatedMember> members) {
        for (Seat seat : running()) {
            if (!members.contains(seat.process().orElseThrow())) {
                end(seat);
                seat.retire();
            }
        }
    }

    /** Tells {@code of} of each process that begins to lead. */
    void whenLeads(Consumer<SimulatedMember> of) {
        leads = of;
    }

    @Override
    public void leads(SimulatedMember member) {
        leads.accept(member);
    }

    /** Tells {@code of} of each leader whose configuration becomes joint. */
    void whenJoint(Consumer<SimulatedMember> of) {
        joint = of;
    }

    @Override
    public void joint(SimulatedMember member) {
        if (member.node().status().isLeader()) {
            joint.accept(member);
        }
    }

    @Override
    public void removed(SimulatedMember member) {
        later(AFTER_A_STOP, () -> {
            Seat seat = seats.get(member.id());
            if (seat != null && seat.process().filter(member::equals).isPresent()) {
                trace.tell("member " + member.id() + " is gone for good");
                end(seat);
                seat.retire();
            }
        });
    }
}
