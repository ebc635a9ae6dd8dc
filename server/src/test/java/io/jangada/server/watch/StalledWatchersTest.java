// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import io.jangada.server.OneMember;
import io.jangada.server.config.ClientLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Watchers whose clients do not read. */
@Timeout(60)
class StalledWatchersTest {
    private static final int VALUE_BYTES = 200_000;
    private static final ByteString KEY = ByteString.copyFromUtf8("key");

    private static void put(OneMember member) {
        var response = KVGrpc.newBlockingStub(member.channel()).put(PutRequest.newBuilder()
                .setKey(KEY).setValue(ByteString.copyFrom(new byte[VALUE_BYTES])).build());
        assertThat(response.hasHeader()).isTrue();
    }

    private static OneMember start(Path folder, int responseBytesMax) throws Exception {
        ClientLimits limits = new ClientLimits(100, 10_000, responseBytesMax, Duration.ofMinutes(1),
                0, 0, Map.of());
        return OneMember.start(OneMember.config(folder).limits(limits).build());
    }

    @Test
    void areEndedWhenMemoryIsUsedUpAndThoseWhoReadHearOfEverything(@TempDir Path folder)
            throws Exception {
        try (OneMember member = start(folder, 4 << 20)) { // A half of it for events.
            List<Client> stalled = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                stalled.add(new Client(member, 1, false));
            }
            Client reader = new Client(member, 1, true);
            stalled.forEach(Client::awaitCreated);
            reader.awaitCreated();
            int puts = 60;
            for (int i = 0; i < puts; i++) {
                put(member);
            }
            List<Long> revisions = new ArrayList<>();
            for (int i = 0; i < puts; i++) {
                revisions.add(reader.next());
            }
            assertThat(revisions).doesNotHaveDuplicates().isSorted();
            stalled.forEach(Client::read); // gRPC tells of the end when what came before is read.
            Status ended = CompletableFuture.anyOf(stalled.stream().map(client -> client.ended)
                    .toArray(CompletableFuture[]::new)).thenApply(Status.class::cast)
                    .get(20, TimeUnit.SECONDS);
            assertThat(ended.getCode()).as(ended.toString())
                    .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(reader.ended).isNotDone();

            Client again = new Client(member, revisions.getFirst(), true);
            for (long revision : revisions) {
                assertThat(again.next()).isEqualTo(revision);
            }
        }
    }

    @Test
    void goOnFromHistoryWhenTheyReadAgain(@TempDir Path folder) throws Exception {
        try (OneMember member = start(folder, 64 << 20)) {
            Client stalled = new Client(member, 1, false);
            stalled.awaitCreated();
            for (int i = 0; i < 60; i++) {
                put(member);
            }
            stalled.read();
            long last = 0;
            for (int i = 0; i < 60; i++) {
                long next = stalled.next();
                assertThat(next).isGreaterThan(last);
                last = next;
            }
            assertThat(stalled.revisions).isEmpty();
        }
    }

    /** A watcher of the key on a stream of its own. */
    private static final class Client
            implements
                ClientResponseObserver<WatchRequest, WatchResponse> {
        private final CompletableFuture<Void> created = new CompletableFuture<>();
        private final CompletableFuture<Status> ended = new CompletableFuture<>();
        private final BlockingQueue<Long> revisions = new LinkedBlockingQueue<>();
        private final CompletableFuture<ClientCallStreamObserver<WatchRequest>> stream = new CompletableFuture<>();
        /** Set before the call or by the test; read by gRPC's threads. */
        private volatile boolean reads;

        Client(OneMember member, long from, boolean reads) {
            this.reads = reads;
            WatchGrpc.newStub(member.channel()).watch(this).onNext(WatchRequest.newBuilder()
                    .setCreateRequest(WatchCreateRequest.newBuilder().setKey(KEY)
                            .setStartRevision(from))
                    .build());
        }

        void awaitCreated() {
            assertThat(created).succeedsWithin(20, TimeUnit.SECONDS);
        }

        void read() {
            reads = true;
            stream.join().request(1);
        }

        long next() throws InterruptedException {
            Long revision = revisions.poll(20, TimeUnit.SECONDS);
            assertThat(revision).as("a revision; ended: %s", ended).isNotNull();
            return revision;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchRequest> requests) {
            requests.disableAutoRequestWithInitial(1);
            stream.complete(requests);
        }

        @Override
        public void onNext(WatchResponse response) {
            if (response.getCreated()) {
                created.complete(null);
            }
            for (Event event : response.getEventsList()) {
                revisions.add(event.getKv().getModRevision());
            }
            if (reads) {
                stream.join().request(1);
            }
        }

        @Override
        public void onError(Throwable failed) {
            ended.complete(Status.fromThrowable(failed));
        }

        @Override
        public void onCompleted() {
            ended.complete(Status.OK);
        }
    }
}
