// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.checker.etcd.Effects;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.RangeReader;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import io.jangada.simulation.wire.EtcdWords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Asks one thing after the other, of whatever member it reaches, and writes down what it was told. */
final class SimulatedClient {
    private static final Duration QUICK = Duration.ofNanos(30_000);
    private static final Duration SLOW = Duration.ofMillis(3);
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final long TTL_SECONDS_MAX = 10;

    private final World world;
    private final long id;
    private final Chance chance;
    private final Chance renewals;
    private final HistoryBuilder history;
    private final Expiries expiries;
    private final List<Long> leases = new ArrayList<>();
    private long written;
    private long seenRevision = 1;
    private boolean over;
    private boolean idle = true;

    SimulatedClient(World world, long id, HistoryBuilder history, Expiries expiries) {
        this.world = world;
        this.id = id;
        this.history = history;
        this.expiries = expiries;
        chance = Chance.of(world.scenario().seed(), "client " + id);
        renewals = Chance.of(world.scenario().seed(), "renewals of client " + id);
    }

    /** Asks until {@link #end}. */
    void begin() {
        world.later(chance.span(QUICK, world.scenario().options().pause()), this::ask);
    }

    /** Asks nothing more. */
    void end() {
        over = true;
    }

    /** Whether nothing is open that it asked. */
    boolean isIdle() {
        return idle;
    }

    /** Writes once, and tells whether that was done. */
    void write(Consumer<Boolean> done) {
        ask(put(), response -> done.accept(response instanceof Response.Put));
    }

    private void ask() {
        if (!over) {
            if (!leases.isEmpty() && renewals.once(8)) {
                keepAlive(renewals.oneOf(leases));
            }
            ask(request(), ignored -> begin());
        }
    }

    /** As the server does it: whoever renews confirms first that it leads. */
    private void keepAlive(long lease) {
        List<Seat> running = world.running();
        if (running.isEmpty()) {
            return;
        }
        SimulatedMember process = renewals.oneOf(running).process().orElseThrow();
        long askedNanos = world.loops().clock().nanos();
        world.later(renewals.span(QUICK, SLOW), () -> process.service().execute(
                () -> process.member().readIndex(() -> process.leases().renew(lease,
                        ttl -> ttl.ifPresent(seconds -> world.later(renewals.span(QUICK, SLOW),
                                () -> expiries.keptAlive(lease, seconds, askedNanos))),
                        () -> {}), refused -> {})));
    }

    private void ask(Request request, Consumer<Response> then) {
        idle = false;
        Call call = new Call(request, world.loops().clock().nanos(), then);
        List<Seat> running = world.running();
        if (running.isEmpty()) {
            world.later(Duration.ofMillis(10),
                    () -> call.end(new Response.Refused(Response.Reason.OTHER)));
            return;
        }
        SimulatedMember process = chance.oneOf(running).process().orElseThrow();
        world.later(chance.span(QUICK, SLOW),
                () -> process.service().execute(() -> call.serve(process)));
        world.later(PATIENCE, () -> call.end(new Response.Unknown()));
    }

    // What it asks.

    private Request request() {
        int kind = chance.between(0, 99);
        if (kind < 35) {
            return put();
        }
        if (kind < 65) {
            return new Request.Range(KeyRange.of(key()), 0, 0, Request.Content.KEYS_AND_VALUES,
                    consistency());
        }
        if (kind < 72) {
            return new Request.Range(KeyRange.all(),
                    chance.once(3) ? Math.max(1, seenRevision - chance.below(10)) : 0,
                    chance.once(2) ? chance.between(1, 5) : 0,
                    chance.once(5) ? Request.Content.COUNT : Request.Content.KEYS_AND_VALUES,
                    consistency());
        }
        if (kind < 80) {
            return new Request.DeleteRange(chance.once(10) ? KeyRange.all() : KeyRange.of(key()),
                    chance.once(2));
        }
        if (kind < 92) {
            return txn();
        }
        if (kind < 94) {
            return new Request.Compact(Math.max(1, seenRevision - chance.below(20)));
        }
        if (kind < 98 || leases.isEmpty()) {
            return new Request.LeaseGrant(1 + chance.below(Long.MAX_VALUE),
                    1 + chance.below(TTL_SECONDS_MAX));
        }
        return new Request.LeaseRevoke(chance.oneOf(leases));
    }

    private Request.Consistency consistency() {
        return chance.once(5) ? Request.Consistency.SERIALIZABLE : Request.Consistency.LINEARIZABLE;
    }

    private Bytes key() {
        return Bytes.utf8("key" + chance.below(world.scenario().options().keys()));
    }

    private Request.Put put() {
        String value = "c" + id + "-" + written++
                + "x".repeat(chance.once(8) ? chance.between(0, 2_000) : 0);
        long lease = !leases.isEmpty() && chance.once(6) ? chance.oneOf(leases) : 0;
        return new Request.Put(key(), Bytes.utf8(value), lease, chance.once(3));
    }

    private Request txn() {
        Bytes key = key();
        Compare compare = chance.once(3)
                ? Compare.number(key, Compare.Target.CREATE, Compare.Relation.EQUAL, 0)
                : Compare.number(key, Compare.Target.MOD, Compare.Relation.LESS,
                        seenRevision - chance.below(5));
        Request.Put put = put();
        List<Request.Op> success = new ArrayList<>(List.of(put));
        if (chance.once(2)) {
            success.add(new Request.Range(key()));
        }
        if (chance.once(3)) {
            Bytes other = key();
            if (!other.equals(put.key())) {
                success.add(new Request.DeleteRange(KeyRange.of(other), true));
            }
        }
        if (chance.once(2)) { // What comes last may be what is refused.
            success.add(success.removeFirst());
        }
        if (chance.once(3)) {
            success.add(new Request.Txn(List.of(Compare.number(put.key(), Compare.Target.MOD,
                    Compare.Relation.GREATER, seenRevision - chance.below(5))),
                    List.of(new Request.Range(put.key())), List.of()));
        }
        return new Request.Txn(List.of(compare), success, List.of(new Request.Range(key)));
    }

    /** One request on its way. */
    private final class Call implements LocalMember.Answer {
        private final Request request;
        private final long number = world.hindsight().number();
        private final long callNanos;
        private final Consumer<Response> then;
        private boolean ended;

        Call(Request request, long callNanos, Consumer<Response> then) {
            this.request = request;
            this.callNanos = callNanos;
            this.then = then;
        }

        /** At the member. */
        void serve(SimulatedMember process) {
            LocalMember member = process.member();
            if (!(request instanceof Request.Range range)) {
                member.propose(Caller.ANONYMOUS, Translation.proposal(request, number), this);
            } else if (range.consistency() == Request.Consistency.SERIALIZABLE) {
                read(member, range);
            } else {
                long cameNanos = world.loops().clock().nanos();
                member.readIndex(() -> {
                    world.invariants().served(process.id(), cameNanos);
                    read(member, range);
                }, this::failed);
            }
        }

        private void read(LocalMember member, Request.Range range) {
            member.readers().execute(() -> {
                try (ReadView view = member.store().view()) {
                    RangeResponse found = RangeReader.read(view::range, EtcdWords.range(range))
                            .build();
                    answer(EtcdWords.response(found, view.revision()));
                } catch (RequestRejected rejected) {
                    failed(rejected.error());
                }
            });
        }

        @Override
        public void done(MessageLite response, long revision) {
            answer(EtcdWords.response(response, revision));
        }

        @Override
        public void failed(EtcdError error) {
            answer(Translation.failure(error));
        }

        private void answer(Response response) {
            world.later(chance.span(QUICK, SLOW), () -> end(response));
        }

        /** At the client. */
        void end(Response response) {
            if (ended) {
                return;
            }
            ended = true;
            idle = true;
            long now = world.loops().clock().nanos();
            Operation operation = history.add(id, callNanos, now, request, response);
            if (operation.isUnknown() && Effects.mayChange(request)) {
                world.hindsight().untold(operation, number);
            }
            world.trace().count(now, id);
            mark(response);
            seenRevision = Math.max(seenRevision, response.revision());
            if (response instanceof Response.LeaseGrant granted) {
                leases.add(granted.lease());
            }
            if (response instanceof Response.Refused refused
                    && refused.reason() == Response.Reason.LEASE_NOT_FOUND && !leases.isEmpty()) {
                leases.removeFirst();
            }
            then.accept(response);
        }

        private void mark(Response response) {
            switch (response) {
                case Response.Unknown ignored -> world.unknowns().ended(request);
                case Response.Refused refused -> world.marks().refused(refused.reason());
                case Response.Txn txn -> world.marks().see(txn.succeeded()
                        ? Marks.Point.TXN_SUCCEEDED
                        : Marks.Point.TXN_FAILED);
                default -> {
                }
            }
        }
    }

}
