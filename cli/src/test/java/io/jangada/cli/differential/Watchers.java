// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.WatchCancelRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchCreateRequest.FilterType;
import io.jangada.api.etcd.WatchProgressRequest;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * One stream of watchers on both servers. A watcher of the past is served in the background, so that it depends on the
 * server's speed what a compaction or a cancellation finds done: both wait until every watcher has told a change that
 * was made for it. Used by one thread.
 */
final class Watchers {
    private static final int WATCHERS_MAX = 24;
    private static final long WAIT_SECONDS_MAX = 10;

    private final Duel duel;
    private final Draw draw;
    private final Told etcd;
    private final Told jangada;
    private final Map<Long, WatchCreateRequest> open = new HashMap<>();
    private final List<Long> unproved = new ArrayList<>();
    private final Set<Long> ended = new HashSet<>();
    private final Map<Long, Integer> compared = new HashMap<>();
    private int answersCompared;
    private int expected;
    private int events;

    Watchers(Duel duel, Draw draw, String caller) {
        this.duel = duel;
        this.draw = draw;
        etcd = new Told(duel.etcd(), caller);
        jangada = new Told(duel.jangada(), caller);
    }

    /** How many events both told. */
    int events() {
        return events;
    }

    /** Makes sure that no watcher has anything before it, and compares all that was told. */
    void settle() {
        for (long id : unproved) {
            ByteString key = created(id).getKey().isEmpty() ? Draw.ZERO : created(id).getKey();
            duel.ask(Call.of(KVGrpc.getPutMethod(), PutRequest.newBuilder().setKey(key)
                    .setValue(Draw.utf8("settle")).build()));
            duel.ask(Call.of(KVGrpc.getDeleteRangeMethod(),
                    DeleteRangeRequest.newBuilder().setKey(key).build()));
            long revision = duel.revision();
            await(() -> hasTold(etcd, id, revision - 1) && hasTold(jangada, id, revision - 1));
        }
        unproved.clear();
        open.keySet().forEach(this::compareEvents);
        compareAnswers();
    }

    private WatchCreateRequest created(long id) {
        return Objects.requireNonNull(open.get(id));
    }

    private static boolean hasTold(Told told, long id, long revision) {
        List<Event> events = told.events(id);
        return !events.isEmpty() && events.getLast().getKv().getModRevision() >= revision;
    }

    private void compareEvents(long id) {
        int from = compared.getOrDefault(id, 0);
        Both both = await(() -> new Both(etcd.events(id), jangada.events(id)), Both::isEqual);
        List<Event> one = both.etcd();
        List<Event> other = both.jangada();
        if (!both.isEqual()) {
            duel.mismatch(
                    "events of watcher " + id + " {" + Shown.of(created(id)) + "}\n  etcd    "
                            + shown(one, from) + "\n  jangada " + shown(other, from));
        }
        compared.put(id, Math.min(one.size(), other.size()));
        events += Math.min(one.size(), other.size()) - from;
    }

    private static String shown(List<Event> events, int from) {
        return events.subList(Math.min(from, events.size()), events.size()).stream().map(Shown::of)
                .toList().toString();
    }

    private void compareAnswers() {
        await(() -> etcd.answers().size() >= expected && jangada.answers().size() >= expected);
        List<?> one = etcd.answers().subList(answersCompared, etcd.answers().size());
        List<?> other = jangada.answers().subList(answersCompared, jangada.answers().size());
        if (!one.equals(other)) {
            duel.mismatch("answers of a watch stream, " + expected + " expected\n  etcd    " + one
                    + "\n  jangada " + other);
        }
        answersCompared = Math.max(etcd.answers().size(), jangada.answers().size());
        expected = answersCompared;
    }

    /** Creates and cancels some; only after {@link #settle}. */
    void change() {
        for (int left = draw.below(4); left > 0; left--) {
            if (open.size() >= WATCHERS_MAX || draw.oneIn(4)) {
                cancel();
            } else {
                create();
            }
        }
        if (unproved.isEmpty()) {
            send(WatchRequest.newBuilder().setProgressRequest(
                    WatchProgressRequest.getDefaultInstance()).build(), 1);
        }
    }

    private void cancel() {
        if (open.isEmpty()) {
            return;
        }
        long id = draw.oneIn(10) ? 1_000_000 : draw.of(open.keySet().stream().sorted().toList());
        send(WatchRequest.newBuilder().setCancelRequest(
                WatchCancelRequest.newBuilder().setWatchId(id)).build(), id == 1_000_000 ? 0 : 1);
        open.remove(id);
        unproved.remove(id);
    }

    private void create() {
        WatchCreateRequest.Builder create = WatchCreateRequest.newBuilder().setKey(draw.key())
                .setRangeEnd(draw.rangeEnd()).setStartRevision(start()).setPrevKv(draw.oneIn(2));
        if (draw.oneIn(4)) {
            create.setWatchId(free(draw.oneIn(3) ? 1 + draw.below(5) : 1 + draw.below(1_000)));
        }
        if (draw.oneIn(3)) {
            create.addFilters(FilterType.forNumber(draw.below(2)));
        }
        boolean isGone = create.getStartRevision() > 0
                && create.getStartRevision() < duel.compacted();
        int before = etcd.answers().size();
        etcd.send(WatchRequest.newBuilder().setCreateRequest(create).build());
        jangada.send(WatchRequest.newBuilder().setCreateRequest(create).build());
        await(() -> etcd.answers().size() > before);
        WatchResponse answer = (WatchResponse) etcd.answers().get(before);
        expected += isGone && !answer.getCanceled() ? 2 : 1;
        compareAnswers();
        if (isGone || answer.getCanceled()) {
            ended.add(answer.getWatchId());
            return;
        }
        open.put(answer.getWatchId(), create.build());
        compared.put(answer.getWatchId(), etcd.events(answer.getWatchId()).size());
        if (create.getStartRevision() > 0 && create.getStartRevision() <= duel.revision()) {
            unproved.add(answer.getWatchId());
        }
    }

    /* 3.4 does not give the id of a watch that ended with a compaction to another one. */
    private long free(long id) {
        return ended.contains(id) ? 2_000 + draw.below(1_000_000) : id;
    }

    /* Never the compact revision: KnownDifference.DELETED_AT_COMPACTION. */
    private long start() {
        long start = anyStart();
        return start == duel.compacted() && start > 0 ? start + 1 : start;
    }

    private long anyStart() {
        return switch (draw.below(6)) {
            case 0 -> Math.max(1, duel.revision() - draw.below(30));
            case 1 -> draw.oneIn(2) ? Math.max(1, duel.compacted() - 1 + draw.below(3)) : 0;
            case 2 -> duel.revision() + draw.below(30);
            default -> 0;
        };
    }

    private void send(WatchRequest request, int answers) {
        etcd.send(request);
        jangada.send(request);
        expected += answers;
        compareAnswers();
    }

    void close() {
        settle();
        etcd.close();
        jangada.close();
    }

    private static void await(BooleanSupplier condition) {
        await(condition::getAsBoolean, Boolean::booleanValue);
    }

    /* What was seen last: once it is as wanted, more may arrive. Whoever waits in vain says what is missing. */
    private static <T> T await(Supplier<T> look, Predicate<T> isWanted) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS_MAX);
        T seen = look.get();
        while (!isWanted.test(seen) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
            seen = look.get();
        }
        return seen;
    }

    private record Both(List<Event> etcd, List<Event> jangada) {
        boolean isEqual() {
            return etcd.equals(jangada);
        }
    }
}
