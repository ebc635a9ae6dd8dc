// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.server.OneMember;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A watcher of what is compacted. */
@Timeout(60)
class CompactedWatchTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("k");

    /** As in etcd: its header has no revision. */
    @Test
    void isToldTheCompactRevisionAndNoOther(@TempDir Path folder) throws Exception {
        try (OneMember member = OneMember.start(folder)) {
            var kv = KVGrpc.newBlockingStub(member.channel());
            long last = 0;
            for (int i = 0; i < 3; i++) {
                last = kv.put(PutRequest.newBuilder().setKey(KEY).build()).getHeader()
                        .getRevision();
            }
            assertThat(kv.compact(CompactionRequest.newBuilder().setRevision(last).build())
                    .getHeader().getRevision()).isEqualTo(last);
            BlockingQueue<WatchResponse> told = new LinkedBlockingQueue<>();
            StreamObserver<WatchRequest> watch = WatchGrpc.newStub(member.channel())
                    .watch(into(told));
            watch.onNext(WatchRequest.newBuilder().setCreateRequest(
                    WatchCreateRequest.newBuilder().setKey(KEY).setStartRevision(2)).build());
            WatchResponse created = next(told);
            assertThat(created.getCreated()).isTrue();
            assertThat(created.getHeader().getRevision()).isEqualTo(last);
            WatchResponse ended = next(told);
            assertThat(ended.getCanceled()).isTrue();
            assertThat(ended.getCompactRevision()).isEqualTo(last);
            assertThat(ended.getCancelReason()).isEmpty();
            assertThat(ended.getHeader().getRevision()).isZero();
            assertThat(ended.getHeader().getMemberId()).isNotZero();
        }
    }

    private static WatchResponse next(BlockingQueue<WatchResponse> told) throws Exception {
        return Objects.requireNonNull(told.poll(20, TimeUnit.SECONDS));
    }

    private static StreamObserver<WatchResponse> into(BlockingQueue<WatchResponse> told) {
        return new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse response) {
                told.add(response);
            }

            @Override
            public void onError(Throwable ended) {}

            @Override
            public void onCompleted() {}
        };
    }
}
