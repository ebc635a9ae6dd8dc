// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.reference;

import io.jangada.checker.history.Event;
import io.jangada.checker.history.History;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.history.WatchRecorder;
import io.jangada.checker.history.WatchRequest;
import io.jangada.checker.history.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Clients that talk to a correct store at the same time, in virtual time, under a seed. */
public final class Simulation {
    private final Random random;
    private final Scenario scenario;
    private final ReferenceStore store = new ReferenceStore();
    private final HistoryBuilder builder = History.builder();
    private final Requests requests;
    private final List<Client> clients = new ArrayList<>();
    private final List<Client> lost = new ArrayList<>();
    private final List<Watching> watching = new ArrayList<>();
    private long nanos;
    private int called;

    private static final class Client {
        private final long id;
        private @Nullable Request request;
        private @Nullable Response response;
        private long callNanos;

        Client(long id) {
            this.id = id;
        }
    }

    private static final class Watching {
        private final WatchRequest request;
        private final WatchRecorder recorder;
        private long next;
        private boolean isOver;

        Watching(WatchRequest request, WatchRecorder recorder, long next) {
            this.request = request;
            this.recorder = recorder;
            this.next = next;
        }
    }

    private Simulation(long seed, Scenario scenario) {
        random = new Random(seed);
        this.scenario = scenario;
        requests = new Requests(random, scenario);
        for (int i = 0; i < scenario.clients(); i++) {
            clients.add(new Client(i));
        }
    }

    /** The history of one run. */
    public static History run(long seed, Scenario scenario) {
        return new Simulation(seed, scenario).run();
    }

    private History run() {
        while (called < scenario.operations()
                || clients.stream().anyMatch(each -> each.request != null)) {
            nanos += 1 + random.nextInt(40_000_000);
            step();
        }
        return builder.build();
    }

    private void step() {
        expire();
        if (watching.size() < scenario.watches() && random.nextInt(10) == 0) {
            watch();
        }
        if (!watching.isEmpty() && random.nextInt(3) == 0) {
            tell(watching.get(random.nextInt(watching.size())));
            return;
        }
        if (!lost.isEmpty() && random.nextInt(4) == 0) {
            Client late = lost.remove(random.nextInt(lost.size()));
            store.apply(request(late), nanos);
            return;
        }
        step(clients.get(random.nextInt(clients.size())));
    }

    private void step(Client client) {
        if (client.request == null) {
            if (called < scenario.operations()) {
                called++;
                client.request = requests.next(store.revision());
                client.callNanos = nanos;
            }
        } else if (client.response != null) {
            builder.add(client.id, client.callNanos, nanos, client.request, client.response);
            idle(client);
        } else if (random.nextInt(100) < scenario.unknownPercent()) {
            lose(client);
        } else {
            client.response = carryOut(client.request);
        }
    }

    private Response carryOut(Request request) {
        if (request instanceof Request.Range range
                && range.consistency() == Request.Consistency.SERIALIZABLE) {
            return store.readAt(range, Math.max(Math.max(1, store.compacted),
                    store.revision() - random.nextInt(5)));
        }
        return store.apply(request, nanos);
    }

    /** Carried out now, later or never; nobody will know. */
    private void lose(Client client) {
        builder.addUnknown(client.id, client.callNanos, request(client));
        int draw = random.nextInt(3);
        if (draw == 0) {
            store.apply(request(client), nanos);
        } else if (draw == 1) {
            Client late = new Client(client.id);
            late.request = client.request;
            lost.add(late);
        }
        idle(client);
    }

    private void expire() {
        for (Map.Entry<Long, Long> each : List.copyOf(store.deadlines.entrySet())) {
            if (each.getValue() < nanos && random.nextInt(3) == 0) {
                store.revoke(each.getKey());
            }
        }
    }

    private void watch() {
        KeyRange range = random.nextBoolean() ? KeyRange.all() : KeyRange.of(requests.key());
        long start = random.nextBoolean() ? 0 : Math.max(1, store.revision() - random.nextInt(20));
        WatchRequest request = new WatchRequest(range, start, random.nextBoolean(),
                random.nextInt(4) == 0 ? Set.of(Event.Kind.DELETE) : Set.of());
        WatchRecorder recorder = builder.watch(100 + watching.size(), nanos, request);
        recorder.told(new WatchResponse.Created(nanos, store.revision()));
        watching.add(new Watching(request, recorder, start == 0 ? store.revision() + 1 : start));
    }

    private void tell(Watching watch) {
        if (watch.isOver) {
            return;
        }
        if (watch.next < store.compacted) {
            watch.recorder.told(new WatchResponse.Compacted(nanos, store.compacted));
            watch.isOver = true;
            return;
        }
        List<Event> events = new ArrayList<>();
        for (int i = 1 + random.nextInt(4); i > 0 && watch.next <= store.revision(); i--) {
            for (Event event : store.changes.get((int) watch.next++)) {
                if (watch.request.range().contains(event.kv().key())
                        && !watch.request.suppressed().contains(event.kind())) {
                    events.add(watch.request.prevKv() ? event : event.withoutPrevKv());
                }
            }
        }
        if (!events.isEmpty()) {
            watch.recorder.told(new WatchResponse.Events(nanos, store.revision(), events));
        } else if (watch.next > 1 && random.nextInt(3) == 0) {
            watch.recorder.told(new WatchResponse.Progress(nanos,
                    Math.min(watch.next - 1, store.revision())));
        }
    }

    private static Request request(Client client) {
        return Objects.requireNonNull(client.request);
    }

    private static void idle(Client client) {
        client.request = null;
        client.response = null;
    }
}
