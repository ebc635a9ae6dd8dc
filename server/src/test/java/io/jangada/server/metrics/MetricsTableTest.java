// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.KVGrpc.KVBlockingStub;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.WatchCancelRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.server.OneMember;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** docs/metrics.md is what a member serves. */
@Timeout(60)
class MetricsTableTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("k");
    private static final String FSYNCS = "etcd_disk_wal_fsync_duration_seconds_count ";

    @Test
    void theDocumentNamesEachMetricWithItsType(@TempDir Path folder) throws Exception {
        try (var member = OneMember.start(folder)) {
            put(member); // A call that has ended is in a series of its own.
            var served = new TreeSet<>(served(member).lines()
                    .filter(line -> line.startsWith("# TYPE "))
                    .map(line -> line.substring("# TYPE ".length()))
                    .filter(line -> !line.startsWith("jvm_")).toList());
            var documented = new TreeSet<>(
                    Files.readAllLines(Path.of("../docs/metrics.md")).stream()
                            .takeWhile(line -> !line.equals("## With peers"))
                            .filter(line -> line.startsWith("| `"))
                            .map(line -> line.replaceAll("\\| `(\\w+)[^`]*` \\| (\\w+) \\|.*",
                                    "$1 $2"))
                            .toList());
            assertThat(documented).isEqualTo(served);
        }
    }

    @Test
    void countsTheForcesOfTheLog(@TempDir Path folder) throws Exception {
        try (var member = OneMember.start(folder)) {
            long before = forces(served(member));
            put(member);
            assertThat(forces(served(member))).isGreaterThan(before);
        }
    }

    @Test
    void countsWhatTheStoreGoesThrough(@TempDir Path folder) throws Exception {
        try (var member = OneMember.start(folder)) {
            double written = figure(served(member),
                    "etcd_disk_backend_commit_duration_seconds_count");
            put(member);
            put(member);
            KVBlockingStub kv = KVGrpc.newBlockingStub(member.channel());
            answered(kv.range(RangeRequest.newBuilder().setKey(KEY).build()));
            answered(kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(KEY).build()));
            answered(LeaseGrpc.newBlockingStub(member.channel())
                    .leaseGrant(LeaseGrantRequest.newBuilder().setTTL(60).build()));
            answered(kv.compact(CompactionRequest.newBuilder().setRevision(3).setPhysical(true)
                    .build()));
            String metrics = served(member);
            assertThat(figure(metrics, "etcd_mvcc_put_total")).isEqualTo(2);
            assertThat(figure(metrics, "etcd_debugging_mvcc_total_put_size_in_bytes"))
                    .isEqualTo(2);
            assertThat(figure(metrics, "etcd_mvcc_delete_total")).isEqualTo(1);
            assertThat(figure(metrics, "etcd_mvcc_range_total")).isEqualTo(1);
            assertThat(figure(metrics, "etcd_debugging_lease_granted_total")).isEqualTo(1);
            assertThat(figure(metrics, "etcd_disk_backend_commit_duration_seconds_count"))
                    .isGreaterThan(written);
            assertThat(figure(metrics,
                    "etcd_debugging_mvcc_db_compaction_total_duration_milliseconds_count"))
                    .isEqualTo(1);
            assertThat(figure(metrics, "etcd_debugging_mvcc_db_compaction_last")).isPositive();
        }
    }

    @Test
    void countsWatchersAndWhatTheyAreTold(@TempDir Path folder) throws Exception {
        try (var member = OneMember.start(folder)) {
            put(member);
            assertThat(figure(served(member), "etcd_debugging_mvcc_watch_stream_total")).isZero();
            var told = new LinkedBlockingQueue<WatchResponse>();
            StreamObserver<WatchRequest> requests = WatchGrpc.newStub(member.channel())
                    .watch(collecting(told));
            for (int i = 0; i < 2; i++) {
                requests.onNext(WatchRequest.newBuilder().setCreateRequest(
                        WatchCreateRequest.newBuilder().setKey(KEY).setStartRevision(2)).build());
            }
            put(member);
            int events = 0;
            while (events < 4) {
                events += Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS))
                        .getEventsCount();
            }
            String metrics = served(member);
            assertThat(figure(metrics, "etcd_debugging_mvcc_watch_stream_total")).isEqualTo(1);
            assertThat(figure(metrics, "etcd_debugging_mvcc_watcher_total")).isEqualTo(2);
            requests.onNext(WatchRequest.newBuilder().setCancelRequest(
                    WatchCancelRequest.newBuilder().setWatchId(1)).build());
            WatchResponse last;
            do {
                last = Objects.requireNonNull(told.poll(30, TimeUnit.SECONDS));
            } while (!last.getCanceled());
            metrics = served(member);
            assertThat(figure(metrics, "etcd_debugging_mvcc_watcher_total")).isEqualTo(1);
            assertThat(figure(metrics, "etcd_debugging_mvcc_slow_watcher_total")).isZero();
            assertThat(figure(metrics, "etcd_debugging_mvcc_events_total")).isEqualTo(4);
            assertThat(figure(metrics, "etcd_debugging_mvcc_pending_events_total")).isZero();
        }
    }

    private static StreamObserver<WatchResponse> collecting(Queue<WatchResponse> told) {
        return new StreamObserver<>() {
            @Override
            public void onNext(WatchResponse response) {
                told.add(response);
            }

            @Override
            public void onError(Throwable ignored) {}

            @Override
            public void onCompleted() {}
        };
    }

    private static void answered(MessageLite response) {
        assertThat(response.isInitialized()).isTrue();
    }

    private static double figure(String metrics, String name) {
        return metrics.lines().filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    private static void put(OneMember member) {
        var ignored = KVGrpc.newBlockingStub(member.channel())
                .put(PutRequest.newBuilder().setKey(KEY).build());
    }

    private static long forces(String metrics) {
        return metrics.lines().filter(line -> line.startsWith(FSYNCS))
                .mapToLong(line -> Long.parseLong(line.substring(FSYNCS.length()))).sum();
    }

    private static String served(OneMember member) throws Exception {
        int port = member.server().clientAddresses().getFirst().getPort();
        try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .build()) {
            return client.send(HttpRequest
                    .newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
        }
    }
}
