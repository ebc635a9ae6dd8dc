// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchProgressRequest;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import io.jangada.api.mvcc.KeyValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What kube-apiserver does to its etcd, by several clients at once, against one member. */
@Timeout(120)
@SuppressWarnings("NullAway.Init") // Set before each test.
class KubernetesPatternsTest {
    private static final String PREFIX = "/registry/pods/";
    private static final int PODS = 1_200;
    private static final int PAGE = 500;
    private static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";

    private OneMember member;
    private KVGrpc.KVBlockingStub kv;
    private ExecutorService clients;

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        member = OneMember.start(folder);
        kv = KVGrpc.newBlockingStub(member.channel());
        clients = Executors.newVirtualThreadPerTaskExecutor();
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        member.close();
    }

    @Test
    void noGuardedUpdateIsLost() throws Exception {
        ByteString key = utf8(PREFIX + "counter");
        assertThat(guarded(key, 0, put(key, "0")).getSucceeded()).isTrue();

        inParallel(4, ignored -> {
            KeyValue seen = get(key);
            for (int done = 0; done < 50;) {
                String next = "" + (Integer.parseInt(seen.getValue().toStringUtf8()) + 1);
                TxnResponse answer = guarded(key, seen.getModRevision(), put(key, next));
                done += answer.getSucceeded() ? 1 : 0;
                seen = answer.getSucceeded()
                        ? get(key)
                        : answer.getResponses(0).getResponseRange().getKvs(0);
            }
        });

        assertThat(get(key).getValue()).isEqualTo(utf8("200"));
        assertThat(get(key).getVersion()).isEqualTo(201);
    }

    @Test
    void oneOfManyCreates() throws Exception {
        BlockingQueue<String> created = new LinkedBlockingQueue<>();
        inParallel(4, client -> {
            for (int pod = 0; pod < 50; pod++) {
                ByteString key = utf8(PREFIX + pod);
                TxnResponse answer = guarded(key, 0, put(key, "by " + client));
                if (answer.getSucceeded()) {
                    created.add(pod + " by " + client);
                } else {
                    assertThat(answer.getResponses(0).getResponseRange().getKvsCount()).isOne();
                }
            }
        });
        assertThat(created).hasSize(50).allSatisfy(line -> {
            String[] podAndClient = line.split(" ", 2);
            assertThat(get(utf8(PREFIX + podAndClient[0])).getValue().toStringUtf8())
                    .isEqualTo(podAndClient[1]);
        });
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void aListAndAWatchFromItMakeTheWholeState(long seed) throws Exception {
        inParallel(4, client -> {
            for (int pod = client; pod < PODS; pod += 4) {
                ByteString key = pod(pod);
                assertThat(guarded(key, 0, put(key, "new")).getSucceeded()).isTrue();
            }
        });
        List<Future<?>> writers = IntStream.range(0, 3)
                .<Future<?>>mapToObj(client -> clients.submit(calling(() -> write(random(
                        seed * 10 + client)))))
                .toList();

        RangeResponse first = kv.range(list().setLimit(PAGE).build());
        long revision = first.getHeader().getRevision();
        Map<ByteString, KeyValue> state = pages(first, revision);
        assertThat(state).isEqualTo(byKey(kv.range(list().setRevision(revision).build())));
        try (var watch = new Watched(revision + 1)) {
            watch.applyTo(state, () -> writers.stream().allMatch(Future::isDone));
        }

        for (Future<?> writer : writers) {
            writer.get();
        }
        assertThat(state).isEqualTo(byKey(kv.range(list().build())));
    }

    private Map<ByteString, KeyValue> pages(RangeResponse first, long revision) {
        Map<ByteString, KeyValue> state = byKey(first);
        RangeResponse page = first;
        int pages = 1;
        while (page.getMore()) {
            assertThat(page.getKvsCount()).isEqualTo(PAGE);
            ByteString last = page.getKvs(PAGE - 1).getKey();
            page = kv.range(list().setKey(last.concat(utf8("\0"))).setLimit(PAGE)
                    .setRevision(revision).build());
            Map<ByteString, KeyValue> more = byKey(page);
            assertThat(state.keySet()).doesNotContainAnyElementsOf(more.keySet());
            state.putAll(more);
            pages++;
        }
        assertThat(pages).isGreaterThan(1);
        return state;
    }

    /* Updates, deletes and creates, each guarded by what was read before. */
    private void write(RandomGenerator random) {
        for (int i = 0; i < 300; i++) {
            ByteString key = pod(random.nextInt(PODS));
            RangeResponse read = kv.range(RangeRequest.newBuilder().setKey(key).build());
            long guard = read.getKvsCount() == 0 ? 0 : read.getKvs(0).getModRevision();
            TxnResponse ignored = guarded(key, guard, guard != 0 && random.nextInt(3) == 0
                    ? RequestOp.newBuilder().setRequestDeleteRange(
                            DeleteRangeRequest.newBuilder().setKey(key)).build()
                    : put(key, "" + random.nextInt()));
        }
    }

    @Test
    void compactsByTransactionAndSaysSo() throws Exception {
        ByteString key = utf8("compact_rev_key");
        long old = kv.put(PutRequest.newBuilder().setKey(pod(0)).build()).getHeader().getRevision();
        long revision = kv.put(PutRequest.newBuilder().setKey(pod(0)).build()).getHeader()
                .getRevision();
        TxnResponse mine = compactTxn(key, 0, revision);
        TxnResponse others = compactTxn(key, 0, revision);
        assertThat(mine.getSucceeded()).isTrue();
        assertThat(others.getSucceeded()).isFalse();
        assertThat(others.getResponses(0).getResponseRange().getKvs(0)).satisfies(seen -> {
            assertThat(seen.getVersion()).isOne();
            assertThat(seen.getValue()).isEqualTo(utf8("" + revision));
        });
        assertThat(compactTxn(key, 1, revision).getSucceeded()).isTrue();
        var ignored = kv.compact(CompactionRequest.newBuilder().setRevision(revision).build());

        assertThat(kv.range(list().setRevision(revision).build()).getKvsCount()).isOne();
        assertThatThrownBy(() -> kv.range(list().setRevision(old).setLimit(PAGE).build()))
                .isInstanceOfSatisfying(StatusRuntimeException.class, refused -> {
                    assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.OUT_OF_RANGE);
                    assertThat(refused.getStatus().getDescription()).isEqualTo(COMPACTED);
                });
        try (var watch = new Watched(old)) {
            WatchResponse end = watch.next();
            assertThat(end.getCanceled()).isTrue();
            assertThat(end.getCompactRevision()).isEqualTo(revision);
            assertThat(end.getEventsCount()).isZero();
        }
    }

    private TxnResponse compactTxn(ByteString key, long version, long revision) {
        return kv.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder().setKey(key).setVersion(version)
                        .setTarget(Compare.CompareTarget.VERSION))
                .addSuccess(put(key, "" + revision)).addFailure(rangeOf(key)).build());
    }

    private TxnResponse guarded(ByteString key, long modRevision, RequestOp then) {
        return kv.txn(TxnRequest.newBuilder()
                .addCompare(Compare.newBuilder().setKey(key).setModRevision(modRevision)
                        .setTarget(Compare.CompareTarget.MOD))
                .addSuccess(then).addFailure(rangeOf(key)).build());
    }

    private static RequestOp put(ByteString key, String value) {
        return RequestOp.newBuilder()
                .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(utf8(value))).build();
    }

    private static RequestOp rangeOf(ByteString key) {
        return RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key))
                .build();
    }

    private KeyValue get(ByteString key) {
        return kv.range(RangeRequest.newBuilder().setKey(key).build()).getKvs(0);
    }

    private static RangeRequest.Builder list() {
        return RangeRequest.newBuilder().setKey(utf8(PREFIX))
                .setRangeEnd(utf8("/registry/pods0"));
    }

    private static Map<ByteString, KeyValue> byKey(RangeResponse response) {
        return response.getKvsList().stream().collect(Collectors.toMap(KeyValue::getKey,
                pair -> pair, (one, other) -> {
                    throw new AssertionError("twice: " + one);
                }, () -> new TreeMap<>(ByteString.unsignedLexicographicalComparator())));
    }

    private static ByteString pod(int number) {
        return utf8(PREFIX + String.valueOf(10_000 + number));
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static RandomGenerator random(long seed) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    private interface Work {
        void run(int client) throws Exception;
    }

    private void inParallel(int count, Work work) throws Exception {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int client = i;
            all.add(clients.submit(calling(() -> work.run(client))));
        }
        for (Future<?> one : all) {
            one.get();
        }
    }

    private interface Action {
        void run() throws Exception;
    }

    private static Callable<Boolean> calling(Action action) {
        return () -> {
            action.run();
            return true;
        };
    }

    /** A watcher of the pods, as an apiserver's cache has one. */
    private final class Watched implements AutoCloseable, StreamObserver<WatchResponse> {
        private final BlockingQueue<WatchResponse> responses = new LinkedBlockingQueue<>();
        private final StreamObserver<WatchRequest> requests;
        private long revision;

        Watched(long from) throws InterruptedException {
            revision = from - 1;
            requests = WatchGrpc.newStub(member.channel()).watch(this);
            requests.onNext(WatchRequest.newBuilder()
                    .setCreateRequest(WatchCreateRequest.newBuilder().setKey(utf8(PREFIX))
                            .setRangeEnd(utf8("/registry/pods0")).setStartRevision(from)
                            .setPrevKv(true).setProgressNotify(true))
                    .build());
            assertThat(next().getCreated()).isTrue();
        }

        WatchResponse next() throws InterruptedException {
            WatchResponse response = responses.poll(30, TimeUnit.SECONDS);
            assertThat(response).isNotNull();
            return response;
        }

        /* Until a bookmark says that nothing more can come once the writers have ended. */
        void applyTo(Map<ByteString, KeyValue> state, Callable<Boolean> ended) throws Exception {
            int bookmarks = 0;
            while (true) {
                boolean isLast = ended.call();
                long until = isLast ? kv.range(list().build()).getHeader().getRevision() : 0;
                requests.onNext(WatchRequest.newBuilder()
                        .setProgressRequest(WatchProgressRequest.getDefaultInstance()).build());
                WatchResponse response = responses.poll(100, TimeUnit.MILLISECONDS);
                while (response != null) {
                    assertThat(response.getCanceled()).isFalse();
                    response.getEventsList().forEach(event -> apply(event, state));
                    if (response.getEventsCount() == 0) {
                        bookmarks++;
                        assertThat(response.getHeader().getRevision())
                                .isGreaterThanOrEqualTo(revision);
                        revision = response.getHeader().getRevision();
                    }
                    response = responses.poll();
                }
                if (isLast && revision >= until) {
                    assertThat(bookmarks).isPositive();
                    return;
                }
            }
        }

        /* Beyond all before it, bookmarks too; and it changes what was there. */
        private void apply(Event event, Map<ByteString, KeyValue> state) {
            KeyValue now = event.getKv();
            assertThat(now.getModRevision()).isGreaterThan(revision);
            revision = now.getModRevision();
            KeyValue before = event.getType() == Event.EventType.PUT
                    ? state.put(now.getKey(), now)
                    : state.remove(now.getKey());
            assertThat(event.hasPrevKv() ? event.getPrevKv() : null).isEqualTo(before);
        }

        @Override
        public void onNext(WatchResponse response) {
            responses.add(response);
        }

        @Override
        public void onError(Throwable ended) {}

        @Override
        public void onCompleted() {}

        @Override
        public void close() {
            requests.onCompleted();
        }
    }
}
