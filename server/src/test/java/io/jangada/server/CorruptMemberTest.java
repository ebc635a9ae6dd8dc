// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.Cursor;
import io.jangada.mvcc.backend.Table;
import io.jangada.mvcc.rocksdb.RocksBackend;
import io.jangada.mvcc.rocksdb.RocksLimits;
import io.jangada.server.config.CorruptionConfig;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Three members, and the rows of one of them are changed behind its back while it is stopped. */
@Timeout(180)
class CorruptMemberTest {
    private static final Duration OFTEN = Duration.ofMillis(300);
    private static final CorruptionConfig OFF = CorruptionConfig.DEFAULT;
    private static final CorruptionConfig PERIODIC = new CorruptionConfig(false, OFTEN, false,
            OFTEN, false);
    private static final CorruptionConfig REBUILDS = new CorruptionConfig(false, OFTEN, false,
            OFTEN, true);
    private static final CorruptionConfig INITIAL = new CorruptionConfig(true, Duration.ZERO,
            false, OFTEN, false);
    private static final CorruptionConfig COMPACTIONS = new CorruptionConfig(false,
            Duration.ZERO, true, OFTEN, false);
    private static final ByteString KEY = ByteString.copyFromUtf8("key");
    private static final ByteString RIGHT = ByteString.copyFromUtf8("value-that-is-right");
    private static final ByteString WRONG = ByteString.copyFromUtf8("value-that-is-wrong");

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    @Test
    void theLeaderFindsTheMemberThatDiffersAndItStopsServing() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            long corrupt = beginWithWrongMember(cluster, Table.HISTORY);
            cluster.startAll(PERIODIC);

            await(() -> alarms(cluster, 0).contains(corruptAlarm(corrupt)));

            assertThat(alarms(cluster, 0)).containsExactly(corruptAlarm(corrupt));
            for (int member : List.of(0, 1)) {
                assertThat(get(cluster, member)).isEqualTo(RIGHT);
                assertThatThrownBy(() -> put(cluster, member)).isInstanceOfSatisfying(
                        StatusRuntimeException.class, CorruptMemberTest::isCorrupt);
            }
            await(() -> refuses(cluster, 2));
            assertThatThrownBy(() -> get(cluster, 2)).isInstanceOfSatisfying(
                    StatusRuntimeException.class, CorruptMemberTest::isCorrupt);
            assertThat(MaintenanceGrpc.newBlockingStub(cluster.channel(2))
                    .status(StatusRequest.getDefaultInstance()).getErrorsList())
                    .contains("memberID:" + Long.toUnsignedString(corrupt) + " alarm:CORRUPT ");
        }
    }

    @Test
    void whatOnlyReadsOfTheLatestSeeIsFoundTooAndOpenWatchesEnd() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            long corrupt = beginWithWrongMember(cluster, Table.CURRENT);
            cluster.startAll(OFF);
            assertThat(get(cluster, 2)).isEqualTo(WRONG); // As nobody compares.
            cluster.stopAll();
            cluster.startAll(
                    new CorruptionConfig(false, Duration.ofSeconds(2), false, OFTEN, false));
            CompletableFuture<Throwable> ended = watch(cluster, 2);

            await(() -> alarms(cluster, 0).contains(corruptAlarm(corrupt)));
            assertThat(ended.get(30, TimeUnit.SECONDS))
                    .hasMessageContaining("etcdserver: corrupt cluster");
        }
    }

    @Test
    void aMemberThatIsConfiguredSoIsRebuiltFromTheOthers() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            long corrupt = beginWithWrongMember(cluster, Table.HISTORY);
            cluster.start(0, PERIODIC);
            cluster.start(1, PERIODIC);
            EtcdServer third = cluster.start(2, REBUILDS);
            assertThatThrownBy(() -> third.stopped().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RebuildNeededException.class);

            cluster.stop(2);
            cluster.start(2, REBUILDS).ready().get(60, TimeUnit.SECONDS);

            await(() -> alarms(cluster, 0).isEmpty());
            await(() -> !refuses(cluster, 2));
            assertThat(get(cluster, 2)).isEqualTo(RIGHT);
            put(cluster, 2);
            Path data = cluster.directory(2).resolve("member");
            assertThat(data.resolve("db.corrupt")).isDirectory();
            await(() -> !Files.exists(data.resolve("rebuild")));
            assertThat(corrupt).isNotZero();
        }
    }

    @Test
    void aMemberThatComparesFirstDoesNotStart() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            beginWithWrongMember(cluster, Table.HISTORY);
            cluster.start(0, INITIAL);
            cluster.start(1, INITIAL);
            EtcdServer third = cluster.start(2, INITIAL);

            assertThatThrownBy(() -> third.ready().get(60, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(StartException.class)
                    .hasMessageContaining("found data inconsistency with peers");
            assertThatThrownBy(() -> third.stopped().get(60, TimeUnit.SECONDS))
                    .hasMessageContaining("found data inconsistency with peers");
            cluster.stop(2);
            await(() -> !refuses(cluster, 0));
            put(cluster, 0);
            assertThat(alarms(cluster, 1)).isEmpty();
        }
    }

    @Test
    void historiesUnderACompactionAreCompared() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            long corrupt = beginWithWrongMember(cluster, Table.HISTORY);
            cluster.startAll(COMPACTIONS);
            var ignored = KVGrpc.newBlockingStub(cluster.channel(0))
                    .compact(CompactionRequest.newBuilder().setRevision(2).build());

            await(() -> alarms(cluster, 0).contains(corruptAlarm(corrupt)));
        }
    }

    @Test
    void membersThatAreAlikeRaiseNoAlarm() throws Exception {
        try (var cluster = new ThreeMembers(folder)) {
            cluster.startAll(new CorruptionConfig(true, OFTEN, true, OFTEN, true));
            for (int i = 0; i < 50; i++) {
                put(cluster, i % 3);
                if (i % 20 == 10) {
                    var ignored = KVGrpc.newBlockingStub(cluster.channel(0))
                            .compact(CompactionRequest.newBuilder().setRevision(i).build());
                }
                LockSupport.parkNanos(OFTEN.toNanos() / 10);
            }
            assertThat(alarms(cluster, 0)).isEmpty();
        }
    }

    /** Puts a key, stops all, and changes what the third one has of it; returns the third one's id. */
    private static long beginWithWrongMember(ThreeMembers cluster, Table table) throws Exception {
        cluster.startAll(OFF);
        put(cluster, 0);
        await(() -> get(cluster, 2).equals(RIGHT));
        long id = MaintenanceGrpc.newBlockingStub(cluster.channel(2))
                .status(StatusRequest.getDefaultInstance()).getHeader().getMemberId();
        cluster.stopAll();
        try (Backend rows = RocksBackend.open(cluster.directory(2).resolve("member/db"),
                RocksLimits.DEFAULT)) {
            assertThat(change(rows, table)).isPositive();
            rows.persist();
        }
        return id;
    }

    private static int change(Backend rows, Table table) {
        Batch wrong = new Batch();
        int count = 0;
        try (BackendSnapshot all = rows.snapshot();
                Cursor cursor = all.cursor(table, ByteString.EMPTY, ByteString.EMPTY)) {
            for (; cursor.isValid(); cursor.next()) {
                ByteString row = cursor.value();
                if (row.size() > RIGHT.size()) {
                    int at = row.toString(StandardCharsets.ISO_8859_1)
                            .indexOf(RIGHT.toStringUtf8());
                    if (at >= 0) {
                        wrong.put(table, cursor.key(), row.substring(0, at).concat(WRONG)
                                .concat(row.substring(at + WRONG.size())));
                        count++;
                    }
                }
            }
        }
        rows.write(wrong);
        return count;
    }

    private static void put(ThreeMembers cluster, int member) {
        cluster.put(member, KEY, RIGHT);
    }

    private static ByteString get(ThreeMembers cluster, int member) {
        return cluster.get(member, KEY);
    }

    private static boolean refuses(ThreeMembers cluster, int member) {
        try {
            return get(cluster, member).isEmpty();
        } catch (StatusRuntimeException refused) {
            return true;
        }
    }

    private static List<AlarmMember> alarms(ThreeMembers cluster, int member) {
        return MaintenanceGrpc.newBlockingStub(cluster.channel(member)).withWaitForReady()
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .alarm(AlarmRequest.getDefaultInstance()).getAlarmsList();
    }

    private static AlarmMember corruptAlarm(long member) {
        return AlarmMember.newBuilder().setMemberID(member).setAlarm(AlarmType.CORRUPT).build();
    }

    private static void isCorrupt(StatusRuntimeException refused) {
        assertThat(refused.getStatus().getCode()).isEqualTo(Status.Code.DATA_LOSS);
        assertThat(refused.getStatus().getDescription()).isEqualTo("etcdserver: corrupt cluster");
    }

    private static CompletableFuture<Throwable> watch(ThreeMembers cluster, int member) {
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        StreamObserver<WatchRequest> requests = WatchGrpc.newStub(cluster.channel(member))
                .watch(new StreamObserver<WatchResponse>() {
                    @Override
                    public void onNext(WatchResponse response) {}

                    @Override
                    public void onError(Throwable failure) {
                        ended.complete(failure);
                    }

                    @Override
                    public void onCompleted() {
                        ended.complete(new IllegalStateException("completed"));
                    }
                });
        requests.onNext(WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(KEY)).build());
        return ended;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(20_000_000); // JUnit's time limit ends this.
        }
    }
}
