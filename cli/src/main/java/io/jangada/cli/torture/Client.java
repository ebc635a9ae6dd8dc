// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks one thing after the other, at a steady pace, and goes to another member after what was not answered. Belongs to
 * one thread; its record may be read when that has ended.
 */
final class Client implements Runnable {
    private static final long ANSWER_MILLIS_MAX = 4_000;
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final int id;
    private final List<Member> members;
    private final Clock clock;
    private final long endNanos;
    private final long paceNanos;
    private final SplittableRandom random;
    private final Requests requests;
    private final List<Operation> record = new ArrayList<>();
    private int member;

    /**
     * A client that asks until {@code endNanos}.
     *
     * @param id from 0 on; decides its chance, too
     * @param paceNanos from one request to the next at least
     */
    Client(int id, Plan plan, List<Member> members, Clock clock, long endNanos, long paceNanos) {
        this.id = id;
        this.members = members;
        this.clock = clock;
        this.endNanos = endNanos;
        this.paceNanos = paceNanos;
        random = new SplittableRandom(plan.seed() * 1_000_003 + id);
        requests = new Requests(id, plan.keys(), random.split());
        member = id % members.size();
    }

    @Override
    public void run() {
        long next = clock.nanos() + random.nextLong(paceNanos);
        while (next < endNanos) {
            park(next - clock.nanos());
            Response response = ask(requests.next());
            if (!(response instanceof Response.Done)) {
                member = random.nextInt(members.size());
                if (response instanceof Response.Unknown
                        || response.equals(new Response.Refused(Response.Reason.OTHER))) {
                    park(PAUSE_NANOS); // Leaves the processors to the members.
                }
            }
            next = Math.max(next + paceNanos, clock.nanos());
        }
    }

    /** Puts {@code key} until that is acknowledged; returns the revision, or 0 if that is not before {@code lastNanos}. */
    long write(int key, long lastNanos) {
        while (clock.nanos() < lastNanos) {
            Response response = ask(requests.put(key));
            if (response instanceof Response.Put put) {
                return put.revision();
            }
            member = random.nextInt(members.size());
            park(PAUSE_NANOS);
        }
        return 0;
    }

    private Response ask(Request request) {
        long called = clock.nanos();
        Response response = Caller.call(members.get(member).channel(), request,
                ANSWER_MILLIS_MAX);
        record.add(new Operation(record.size(), id, called, clock.nanos(), request, response));
        requests.told(response);
        return response;
    }

    /** What it asked and was told. */
    List<Operation> record() {
        return List.copyOf(record);
    }

    private static void park(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(nanos);
        }
    }
}
