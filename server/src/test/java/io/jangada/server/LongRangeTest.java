// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeRequest.SortOrder;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RangeStreamResponse;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.mvcc.KeyValue;
import io.jangada.server.config.ClientLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranges whose answers are larger than what a member holds of one. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set before the tests.
class LongRangeTest {
    private static final int KEYS = 120;
    private static final int VALUE_BYTES = 100_000;
    private static final RangeRequest ALL = RangeRequest.newBuilder()
            .setKey(ByteString.copyFromUtf8("k")).setRangeEnd(ByteString.copyFromUtf8("l")).build();

    private OneMember member;
    private KVGrpc.KVBlockingStub kv;
    /** What there is, at {@link #revision}. */
    private List<KeyValue> expected;
    private long revision;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        ClientLimits limits = new ClientLimits(100, 10_000, 32 << 20, Duration.ofMinutes(1), 0, 0,
                Map.of());
        member = OneMember.start(OneMember.config(folder).limits(limits).build());
        kv = KVGrpc.newBlockingStub(member.channel()).withMaxInboundMessageSize(Integer.MAX_VALUE);
        Random random = new Random(1);
        for (int i = 0; i < KEYS; i++) {
            byte[] value = new byte[VALUE_BYTES + random.nextInt(1_000)];
            random.nextBytes(value);
            var ignored = kv.put(PutRequest.newBuilder().setKey(key(i))
                    .setValue(ByteString.copyFrom(value)).build());
        }
        var large = kv.put(PutRequest.newBuilder().setKey(key(7))
                .setValue(ByteString.copyFrom(new byte[1 << 20])).build());
        revision = large.getHeader().getRevision();
        expected = paged(ALL);
        assertThat(expected).hasSize(KEYS);
    }

    @AfterAll
    void stop() {
        if (member != null) {
            member.close();
        }
    }

    private static ByteString key(int i) {
        return ByteString.copyFromUtf8(String.format("k%04d", i));
    }

    private List<KeyValue> paged(RangeRequest request) {
        List<KeyValue> all = new ArrayList<>();
        RangeRequest next = request.toBuilder().setLimit(10).build();
        RangeResponse page;
        do {
            page = kv.range(next);
            all.addAll(page.getKvsList());
            next = next.toBuilder()
                    .setKey(all.getLast().getKey().concat(ByteString.copyFrom(new byte[1])))
                    .build();
        } while (page.getMore());
        return all;
    }

    private RangeResponse range(RangeRequest request) {
        return kv.withDeadlineAfter(60, TimeUnit.SECONDS).range(request);
    }

    @Test
    void comeWholeWithHeaderAndCount() {
        for (boolean serializable : List.of(false, true)) {
            RangeResponse answer = range(ALL.toBuilder().setSerializable(serializable).build());
            assertThat(answer.getKvsList()).isEqualTo(expected);
            assertThat(answer.getCount()).isEqualTo(KEYS);
            assertThat(answer.getMore()).isFalse();
            assertThat(answer.getHeader().getMemberId()).isNotZero();
            assertThat(answer.getHeader().getRevision()).isGreaterThanOrEqualTo(revision);
            assertThat(answer.getUnknownFields().asMap()).isEmpty();
        }
    }

    @Test
    void haveTheirLimitAndTheCountOfAll() {
        RangeResponse answer = range(ALL.toBuilder().setLimit(KEYS - 1).build());
        assertThat(answer.getKvsList()).isEqualTo(expected.subList(0, KEYS - 1));
        assertThat(answer.getCount()).isEqualTo(KEYS);
        assertThat(answer.getMore()).isTrue();
        RangeResponse exact = range(ALL.toBuilder().setLimit(KEYS).build());
        assertThat(exact.getKvsList()).isEqualTo(expected);
        assertThat(exact.getMore()).isFalse();
    }

    @Test
    void areOfTheRevisionAskedForWhateverHappensMeanwhile() {
        assertThat(kv.put(PutRequest.newBuilder().setKey(key(3)).build()).hasHeader()).isTrue();
        assertThat(kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(key(5)).build())
                .getDeleted()).isEqualTo(1);
        RangeResponse answer = range(ALL.toBuilder().setRevision(revision).build());
        assertThat(answer.getKvsList()).isEqualTo(expected);
        assertThat(answer.getHeader().getRevision()).isGreaterThan(revision);
        for (int i : List.of(3, 5)) { // As it was, for the other tests: all of them ask for the keys at their revision or put them.
            var back = kv.put(PutRequest.newBuilder().setKey(key(i))
                    .setValue(expected.get(i).getValue()).build());
            assertThat(back.hasHeader()).isTrue();
        }
        expected = paged(ALL);
        revision = range(ALL.toBuilder().setCountOnly(true).build()).getHeader().getRevision();
    }

    @Test
    void manyAtATimeWaitForEachOther() throws Exception {
        List<CompletableFuture<RangeResponse>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            CompletableFuture<RangeResponse> answer = new CompletableFuture<>();
            answers.add(answer);
            KVGrpc.newStub(member.channel()).withMaxInboundMessageSize(Integer.MAX_VALUE)
                    .range(ALL.toBuilder().setLimit(60).build(), new Last(answer));
        }
        for (CompletableFuture<RangeResponse> answer : answers) {
            assertThat(answer.get(60, TimeUnit.SECONDS).getKvsList())
                    .isEqualTo(expected.subList(0, 60));
        }
    }

    @Test
    void thatAreGivenUpMakeRoomForOthers() throws Exception {
        for (int round = 0; round < 3; round++) {
            List<Stalled> stalled = new ArrayList<>();
            for (int i = 0; i < 64; i++) { // As many as are under way at a time.
                Stalled call = new Stalled();
                stalled.add(call);
                KVGrpc.newStub(member.channel()).withMaxInboundMessageSize(Integer.MAX_VALUE)
                        .range(ALL, call);
            }
            for (Stalled call : stalled) {
                call.started.get(60, TimeUnit.SECONDS).cancel("enough", null);
            }
        }
        assertThat(range(ALL).getKvsList()).isEqualTo(expected);
    }

    @Test
    void mixWithOtherCallsOfTheSameConnection() throws Exception {
        CompletableFuture<RangeResponse> answer = new CompletableFuture<>();
        KVGrpc.newStub(member.channel()).withMaxInboundMessageSize(Integer.MAX_VALUE).range(ALL,
                new Last(answer));
        for (int i = 0; i < 100; i++) {
            assertThat(range(RangeRequest.newBuilder().setKey(key(i)).build()).getKvs(0))
                    .isEqualTo(expected.get(i));
        }
        assertThat(answer.get(60, TimeUnit.SECONDS).getKvsList()).isEqualTo(expected);
    }

    @Test
    void areRefusedIfTheyHaveToBeHeldAndAreTooLarge() throws Exception {
        RangeRequest sorted = ALL.toBuilder().setSortOrder(SortOrder.DESCEND).build();
        assertThatThrownBy(() -> range(sorted)).isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("etcdserver: too many requests");
        assertThatThrownBy(() -> range(ALL.toBuilder().setMinModRevision(1).build()))
                .hasMessageContaining("etcdserver: too many requests");
        assertThat(json("{\"key\":\"aw==\",\"range_end\":\"bA==\"}"))
                .contains("etcdserver: too many requests");
        String part = json("{\"key\":\"aw==\",\"range_end\":\"bA==\",\"limit\":\"50\"}");
        assertThat(part).contains("\"count\":\"" + KEYS + "\"")
                .hasSizeGreaterThan(50 * VALUE_BYTES);
        ByteString few = ByteString.copyFromUtf8("k0020");
        assertThat(range(sorted.toBuilder().setRangeEnd(few).build()).getKvsList().reversed())
                .isEqualTo(expected.subList(0, 20));
    }

    @Test
    void areNotDeletedOrReadByATransactionThatMembersCouldNotHold() {
        DeleteRangeRequest delete = DeleteRangeRequest.newBuilder().setKey(ALL.getKey())
                .setRangeEnd(ALL.getRangeEnd()).build();
        RequestOp read = RequestOp.newBuilder().setRequestRange(ALL).build();
        TxnRequest nested = TxnRequest.newBuilder().addFailure(RequestOp.newBuilder()
                .setRequestTxn(TxnRequest.newBuilder().addSuccess(read))).build();
        assertThatThrownBy(() -> kv.deleteRange(delete))
                .hasMessageContaining("etcdserver: request is too large");
        assertThatThrownBy(() -> kv.txn(nested))
                .hasMessageContaining("etcdserver: request is too large");
        assertThat(range(ALL).getKvsList()).isEqualTo(expected);

        TxnRequest part = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder()
                .setRequestRange(ALL.toBuilder().setLimit(20))).build();
        assertThat(kv.txn(part).getResponses(0).getResponseRange().getKvsList())
                .isEqualTo(expected.subList(0, 20));
        TxnRequest count = TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder()
                .setRequestRange(ALL.toBuilder().setCountOnly(true))).build();
        assertThat(kv.txn(count).getResponses(0).getResponseRange().getCount()).isEqualTo(KEYS);
    }

    private String json(String body) throws IOException, InterruptedException {
        int port = member.server().clientAddresses().getFirst().getPort();
        try (HttpClient http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder()
                    .uri(URI.create("http://127.0.0.1:" + port + "/v3/kv/range"))
                    .POST(HttpRequest.BodyPublishers.ofString(body)).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    @Test
    void areTheSameInAStream() {
        List<KeyValue> streamed = new ArrayList<>();
        var parts = kv.rangeStream(ALL.toBuilder().setLimit(KEYS - 1).build());
        long count = 0;
        while (parts.hasNext()) {
            RangeStreamResponse part = parts.next();
            streamed.addAll(part.getRangeResponse().getKvsList());
            count = part.getRangeResponse().getCount();
        }
        assertThat(streamed).isEqualTo(expected.subList(0, KEYS - 1));
        assertThat(count).isEqualTo(KEYS);
    }

    /** Completes with the one answer. */
    private record Last(CompletableFuture<RangeResponse> answer)
            implements
                StreamObserver<RangeResponse> {
        @Override
        public void onNext(RangeResponse response) {
            answer.complete(response);
        }

        @Override
        public void onError(Throwable failed) {
            answer.completeExceptionally(failed);
        }

        @Override
        public void onCompleted() {}
    }

    /** A call that is open and whose answer is not asked for. */
    private static final class Stalled
            implements
                ClientResponseObserver<RangeRequest, RangeResponse> {
        private final CompletableFuture<ClientCallStreamObserver<RangeRequest>> started = new CompletableFuture<>();

        @Override
        public void beforeStart(ClientCallStreamObserver<RangeRequest> requests) {
            requests.disableAutoRequestWithInitial(0);
            started.complete(requests);
        }

        @Override
        public void onNext(RangeResponse response) {}

        @Override
        public void onError(Throwable failed) {}

        @Override
        public void onCompleted() {}
    }
}
