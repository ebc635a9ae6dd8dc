// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.MemoryBackend;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WatchHubTest {
    private static final WatchLimits TINY = new WatchLimits(new HistoryLimits(3, 200), 2, 6, 400,
            10);

    private final MvccStore store = MvccStore.open(new MemoryBackend());
    private final ManualLoop loop = new ManualLoop();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void everyWatcherGetsExactlyItsSlice(long seed) {
        WatchHub hub = WatchHub.attach(store, loop, TINY);
        Random random = new Random(seed);
        Model model = new Model();
        List<Client> clients = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            switch (random.nextInt(6)) {
                case 0, 1, 2 -> change(random, model);
                case 3 -> clients.add(new Client(hub, randomRequest(random, model), store));
                case 4 -> clients.forEach(client -> client.turn(random));
                default -> loop.runOne();
            }
        }
        clients.forEach(Client::openUp);
        loop.runAll();
        assertThat(clients).hasSizeGreaterThan(20);
        for (Client client : clients) {
            client.check(model, seed);
        }
        assertThat(hub.unsyncedCount()).isZero();
        assertThat(hub.revision()).isEqualTo(model.revision);
    }

    @Test
    void watcherOfCompactedHistoryEndsWithTheCompactRevision() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        for (int i = 0; i < 5; i++) {
            StoreContract.put(store, "a", "v" + i);
        }
        StoreContract.compact(store, 4);
        Client late = new Client(hub, WatchRequest.of(KeyRange.ALL).from(3), store);
        Client atCompact = new Client(hub, WatchRequest.of(KeyRange.ALL).from(4), store);
        loop.runAll();
        assertThat(late.compactRevision).isEqualTo(4);
        assertThat(late.steps).isEmpty();
        assertThat(atCompact.steps).extracting(step -> step.keyValue().modRevision())
                .containsExactly(4L, 5L, 6L);
        assertThat(hub.watchCount()).isEqualTo(1);
    }

    @Test
    void figuresTellWhoWatchesAndWhatWaits() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        Client quick = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        Client deaf = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        deaf.isOpen = false;
        StoreContract.put(store, "a", "1");
        StoreContract.put(store, "b", "2");
        assertThat(hub.figures()).isEqualTo(new WatchFigures(2, 0, 0, 2));
        loop.runAll();
        assertThat(hub.figures()).isEqualTo(new WatchFigures(2, 1, 2, 0));
        deaf.openUp();
        assertThat(hub.figures().slow()).as("catches up").isEqualTo(1);
        loop.runAll();
        assertThat(hub.figures()).isEqualTo(new WatchFigures(2, 0, 4, 0));
        quick.watch.cancel();
        assertThat(hub.figures()).isEqualTo(new WatchFigures(1, 0, 4, 0));
        hub.close();
        assertThat(hub.figures()).isEqualTo(new WatchFigures(0, 0, 4, 0));
    }

    /** A transaction may put and delete one key: what was before it is before both, live and from history. */
    @Test
    void whatWasBeforeIsWhatWasBeforeTheRevision() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        WatchRequest all = new WatchRequest(KeyRange.ALL, 3, Set.of(), true);
        StoreContract.put(store, "a", "old");
        Client live = new Client(hub, all, store);
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        ByteString key = ByteString.copyFromUtf8("a");
        txn.put(key, ByteString.copyFromUtf8("new"), 0);
        txn.deleteRange(KeyRange.single(key));
        assertThat(txn.put(key, ByteString.copyFromUtf8("newest"), 0)).isEmpty();
        txn.commit();
        batch.commit();
        loop.runAll();
        Client late = new Client(hub, all, store);
        loop.runAll();
        for (Client client : List.of(live, late)) {
            // The last one creates the key anew, and a put that does has no previous key-value.
            assertThat(client.events).extracting(
                    event -> event.previous().map(before -> before.value().toStringUtf8()))
                    .containsExactly(Optional.of("old"), Optional.of("old"), Optional.empty());
        }
    }

    @Test
    void watcherOfTheFutureWaitsForItsRevision() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        Client client = new Client(hub, WatchRequest.of(KeyRange.ALL).from(4), store);
        assertThat(client.watch.isSynced()).isTrue();
        for (int i = 0; i < 4; i++) {
            StoreContract.put(store, "a", "v" + i);
            loop.runAll();
        }
        assertThat(client.steps).extracting(step -> step.keyValue().modRevision())
                .containsExactly(4L, 5L);
    }

    @Test
    void slowWatcherIsLeftAloneAndOthersAreServed() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        Client slow = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        Client quick = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        slow.isOpen = false;
        for (int i = 0; i < 10; i++) {
            StoreContract.put(store, "a", "v" + i);
            loop.runAll();
        }
        assertThat(slow.offers).isEqualTo(1);
        assertThat(slow.watch.isSynced()).isFalse();
        assertThat(quick.steps).hasSize(10);
        slow.openUp();
        loop.runAll();
        assertThat(slow.steps).isEqualTo(quick.steps);
        assertThat(slow.watch.isSynced()).isTrue();
    }

    @Test
    void batchesEndWithARevisionOnceTheyHaveTheirBytes() {
        WatchHub hub = WatchHub.attach(store, loop,
                new WatchLimits(HistoryLimits.DEFAULT, 512, 20_000, 1 << 20, 6));
        Client live = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        ApplyBatch batch = store.beginBatch();
        for (int i = 0; i < 3; i++) {
            WriteTxn txn = batch.begin();
            for (String key : List.of("a", "b", "c")) {
                txn.put(ByteString.copyFromUtf8(key), ByteString.copyFromUtf8("v"), 0);
            }
            txn.commit();
        }
        WriteTxn small = batch.begin();
        small.deleteRange(KeyRange.single(ByteString.copyFromUtf8("a")));
        small.commit();
        batch.commit();
        loop.runAll();
        assertThat(live.offers).isEqualTo(4);
        Client late = new Client(hub, WatchRequest.of(KeyRange.ALL).from(2), store);
        loop.runAll();
        assertThat(late.offers).isEqualTo(4);
        assertThat(late.steps).isEqualTo(live.steps).hasSize(10);
    }

    @Test
    void mailboxKeepsNothingBeyondItsBound() {
        WatchHub hub = WatchHub.attach(store, loop, TINY);
        Client client = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        for (int i = 0; i < 50; i++) {
            StoreContract.put(store, "a", "v" + i);
        }
        assertThat(loop.runOne()).isTrue();
        assertThat(client.offers).isZero(); // Dropped: it reads them from history.
        assertThat(client.watch.isSynced()).isFalse();
        loop.runAll();
        assertThat(client.steps).hasSize(50);
    }

    @Test
    void quietWatcherSurvivesACompactionAndAGap() {
        WatchHub hub = WatchHub.attach(store, loop, TINY);
        Client quiet = new Client(hub,
                WatchRequest.of(KeyRange.single(ByteString.copyFromUtf8("quiet"))), store);
        for (int i = 0; i < 5; i++) {
            StoreContract.put(store, "a", "v" + i);
            loop.runAll();
        }
        StoreContract.compact(store, 6);
        for (int i = 0; i < 10; i++) {
            StoreContract.put(store, "a", "w" + i);
        }
        StoreContract.put(store, "quiet", "1");
        loop.runAll();
        assertThat(quiet.compactRevision).isZero();
        assertThat(quiet.steps).hasSize(1);
    }

    @Test
    void canceledWatcherHearsNothingMore() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        Client client = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        StoreContract.put(store, "a", "1");
        client.watch.cancel();
        loop.runAll();
        assertThat(client.steps).isEmpty();
        assertThat(hub.watchCount()).isZero();
    }

    @Test
    void closedHubDoesNothingMoreEvenAfterTheStoreIsGone() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        StoreContract.put(store, "a", "1");
        Client late = new Client(hub, WatchRequest.of(KeyRange.ALL).from(2), store);
        Client next = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        StoreContract.put(store, "a", "2");
        hub.close();
        store.close();
        store.close();
        loop.runAll();
        assertThat(late.offers + next.offers).isZero();
        assertThat(hub.watchCount()).isZero();
    }

    @Test
    void listenerMayCancelAndRegisterWhileItIsCalled() {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        Client second = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        List<Client> added = new ArrayList<>();
        hub.register(WatchRequest.of(KeyRange.prefix(ByteString.copyFromUtf8("a"))),
                new WatchListener() {
                    @Override
                    public boolean offer(WatchBatch batch) {
                        StoreContract.put(store, "b", "by the listener");
                        added.add(new Client(hub, WatchRequest.of(KeyRange.ALL).from(2), store));
                        return false;
                    }

                    @Override
                    public void compacted(long compactRevision) {
                        throw new AssertionError("compacted at " + compactRevision);
                    }
                });
        StoreContract.put(store, "a", "1");
        loop.runAll();
        assertThat(added).hasSize(1);
        assertThat(added.getFirst().steps).hasSize(2).isEqualTo(second.steps);
    }

    @Test
    void watchersGoOnAfterTheStateWasReplaced() throws IOException {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        Client client = new Client(hub, WatchRequest.of(KeyRange.ALL), store);
        StoreContract.put(store, "a", "1");
        loop.runAll();
        try (MvccStore other = MvccStore.open(new MemoryBackend())) {
            for (String value : List.of("1", "2", "3")) {
                StoreContract.put(other, "a", value);
            }
            store.restore(new ByteArrayInputStream(StoreContract.state(other)));
        }
        StoreContract.put(store, "a", "4");
        loop.runAll();
        assertThat(client.steps).extracting(step -> step.keyValue().value().toStringUtf8())
                .containsExactly("1", "2", "3", "4");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void indexFindsWhoWatchesAKey(long seed) {
        WatchHub hub = WatchHub.attach(store, loop, WatchLimits.DEFAULT);
        Random random = new Random(seed);
        WatchIndex index = new WatchIndex();
        List<Watch> watches = new ArrayList<>();
        for (int i = 0; i < 600; i++) {
            if (random.nextInt(3) == 0 && !watches.isEmpty()) {
                index.remove(watches.remove(random.nextInt(watches.size())));
            } else {
                Watch watch = new Watch(hub, WatchRequest.of(range(random)), new Deaf(), 1);
                watches.add(watch);
                index.add(watch);
            }
            ByteString key = key(random);
            List<Watch> found = new ArrayList<>();
            index.forEach(key, found::add);
            assertThat(found).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(watches
                    .stream().filter(w -> Model.contains(w.request().range(), key)).toList());
        }
    }

    private void change(Random random, Model model) {
        ApplyBatch batch = store.beginBatch();
        for (int txns = 1 + random.nextInt(3); txns > 0; txns--) {
            WriteTxn txn = batch.begin();
            long main = model.revision + 1;
            int before = model.steps.size();
            for (int ops = 1 + random.nextInt(3); ops > 0; ops--) {
                if (random.nextInt(4) == 0) {
                    KeyRange range = range(random);
                    model.delete(range, main);
                    txn.deleteRange(range);
                } else {
                    ByteString key = key(random);
                    ByteString value = Rows.number(random.nextLong());
                    model.put(key, value, 0, main);
                    txn.put(key, value, 0);
                }
            }
            model.revision += model.steps.size() > before ? 1 : 0;
            txn.commit();
        }
        batch.commit();
    }

    private static WatchRequest randomRequest(Random random, Model model) {
        Set<EventType> suppressed = switch (random.nextInt(4)) {
            case 0 -> Set.of(EventType.PUT);
            case 1 -> Set.of(EventType.DELETE);
            default -> Set.of();
        };
        long start = random.nextInt(3) == 0 ? 0 : 1 + random.nextLong(model.revision + 5);
        return new WatchRequest(range(random), start, suppressed, random.nextBoolean());
    }

    private static KeyRange range(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> KeyRange.single(key(random));
            case 1 -> KeyRange.ALL;
            case 2 -> KeyRange.prefix(key(random));
            default -> new KeyRange(key(random), key(random));
        };
    }

    private static ByteString key(Random random) {
        StringBuilder key = new StringBuilder();
        for (int length = 1 + random.nextInt(3); length > 0; length--) {
            key.append((char) ('a' + random.nextInt(3)));
        }
        return ByteString.copyFromUtf8(key.toString());
    }

    /** A listener to whom nothing is offered. */
    private static final class Deaf implements WatchListener {
        @Override
        public boolean offer(WatchBatch batch) {
            throw new AssertionError("offered " + batch);
        }

        @Override
        public void compacted(long compactRevision) {
            throw new AssertionError("compacted at " + compactRevision);
        }
    }

    /** A watcher that may be closed for a while. */
    private static final class Client implements WatchListener {
        private final List<Model.Step> steps = new ArrayList<>();
        private final List<Event> events = new ArrayList<>();
        private final long from;
        private final Watch watch;
        private long compactRevision;
        private int offers;
        private boolean isOpen = true;

        Client(WatchHub hub, WatchRequest request, MvccStore store) {
            this.from = request.startRevision() == 0
                    ? store.revision() + 1
                    : request.startRevision();
            this.watch = hub.register(request, this);
        }

        @Override
        public boolean offer(WatchBatch batch) {
            offers++;
            if (!isOpen) {
                return false;
            }
            long last = events.isEmpty() ? 0 : events.getLast().revision();
            assertThat(batch.events().getFirst().revision()).isGreaterThan(last);
            assertThat(batch.revision())
                    .isGreaterThanOrEqualTo(batch.events().getLast().revision());
            for (Event event : batch.events()) {
                events.add(event);
                steps.add(new Model.Step(event.type(), event.keyValue()));
            }
            return true;
        }

        @Override
        public void compacted(long atRevision) {
            compactRevision = atRevision;
        }

        void turn(Random random) {
            isOpen = random.nextBoolean();
            if (isOpen) {
                watch.resume();
            }
        }

        void openUp() {
            isOpen = true;
            watch.resume();
        }

        void check(Model model, long seed) {
            WatchRequest request = watch.request();
            assertThat(steps).as("seed %d, %s", seed, request).isEqualTo(model
                    .slice(request.range(), from).stream()
                    .filter(step -> !request.suppressed().contains(step.type())).toList());
            if (request.withPrevious()) {
                for (Event event : events) {
                    checkPrevious(model, event);
                }
            }
        }

        private static void checkPrevious(Model model, Event event) {
            KeyValue before = model.at(event.revision() - 1).get(event.keyValue().key());
            boolean creates = event.type() == EventType.PUT
                    && event.keyValue().createRevision() == event.revision();
            assertThat(event.previous())
                    .isEqualTo(creates ? Optional.empty() : Optional.ofNullable(before));
        }
    }
}
