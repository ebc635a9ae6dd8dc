// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmResponse;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthRoleAddRequest;
import io.jangada.api.etcd.AuthStatusRequest;
import io.jangada.api.etcd.AuthUserAddRequest;
import io.jangada.api.etcd.AuthUserGetRequest;
import io.jangada.api.etcd.AuthUserGrantRoleRequest;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.HashKVRequest;
import io.jangada.api.etcd.HashKVResponse;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseTimeToLiveRequest;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.SnapshotRequest;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.server.backup.RevisionBump;
import io.jangada.server.backup.SnapshotFile;
import io.jangada.server.backup.SnapshotRefusedException;
import io.jangada.server.backup.SnapshotStatus;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A member's state goes to a file and comes back as a member. */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set in start().
class BackupTest {
    private static final int KEYS = 300;
    private static final long LEASE = 0x7fffffffffffL;
    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);

    private Path folder;
    private OneMember member;
    private Path snapshot;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        member = OneMember.start(folder.resolve("data"));
        var kv = KVGrpc.newBlockingStub(member.channel());
        LeaseGrpc.newBlockingStub(member.channel())
                .leaseGrant(LeaseGrantRequest.newBuilder().setID(LEASE).setTTL(600).build());
        for (int i = 0; i < KEYS; i++) {
            kv.put(PutRequest.newBuilder().setKey(key(i)).setValue(value(i)).build());
        }
        kv.put(PutRequest.newBuilder().setKey(key(7)).setValue(value(8)).setLease(LEASE)
                .build());
        kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(key(5)).build());
        kv.compact(CompactionRequest.newBuilder().setRevision(100).setPhysical(true).build());
        kv.put(PutRequest.newBuilder().setKey(key(5)).setValue(value(9)).build());
        var auth = AuthGrpc.newBlockingStub(member.channel());
        auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("reader").build());
        auth.userAdd(AuthUserAddRequest.newBuilder().setName("ann").setPassword("secret")
                .build());
        auth.userGrantRole(AuthUserGrantRoleRequest.newBuilder().setUser("ann")
                .setRole("reader").build());
        maintenance(member).alarm(AlarmRequest.newBuilder()
                .setAction(AlarmRequest.AlarmAction.ACTIVATE).setMemberID(7)
                .setAlarm(AlarmType.CORRUPT).build());
        snapshot = save("snapshot");
    }

    @AfterAll
    void stop() {
        member.close();
    }

    private static ByteString key(int i) {
        return ByteString.copyFromUtf8(String.format("key-%03d", i));
    }

    private static ByteString value(int i) {
        return ByteString.copyFrom(new byte[i * 40]).concat(key(i));
    }

    private static MaintenanceGrpc.MaintenanceBlockingStub maintenance(OneMember of) {
        return MaintenanceGrpc.newBlockingStub(of.channel());
    }

    private Path save(String name) throws IOException {
        return save(member, name);
    }

    private Path save(OneMember of, String name) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            Iterator<SnapshotResponse> parts = maintenance(of)
                    .snapshot(SnapshotRequest.getDefaultInstance());
            while (parts.hasNext()) {
                parts.next().getBlob().writeTo(out);
            }
        }
        return file;
    }

    @Test
    void partsSayHowMuchIsLeftAndTheLastIsTheDigest() {
        List<SnapshotResponse> parts = new ArrayList<>();
        maintenance(member).snapshot(SnapshotRequest.getDefaultInstance())
                .forEachRemaining(parts::add);
        long left = parts.stream().mapToLong(part -> part.getBlob().size()).sum() - 32;
        for (SnapshotResponse part : parts.subList(0, parts.size() - 1)) {
            left -= part.getBlob().size();
            assertThat(part.getRemainingBytes()).isEqualTo(left);
            assertThat(part.getVersion()).isEqualTo("3.7.0");
        }
        assertThat(parts.getLast().getRemainingBytes()).isZero();
        assertThat(parts.getLast().getBlob().size()).isEqualTo(32);
        assertThat(parts).hasSizeGreaterThan(10);
    }

    @Test
    void onlySoManyBackupsAreMadeAtATime() throws Exception {
        HeldCall first = HeldCall.begin(member);
        HeldCall second = HeldCall.begin(member);
        assertThatThrownBy(() -> save("third")).hasMessageContaining("too many requests");
        first.cancel();
        second.cancel();
        saveOnceThereIsRoom();
    }

    @Test
    void nothingIsLeftInTheDirectoryEvenIfTheClientGoesAway() throws Exception {
        HeldCall.begin(member).cancel();
        saveOnceThereIsRoom();
        try (Stream<Path> files = Files.list(folder.resolve("data").resolve("member"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .noneMatch(name -> name.startsWith("backup"));
        }
    }

    /* The member hears a little later that a client has gone. */
    private void saveOnceThereIsRoom() throws IOException {
        boolean saved = false;
        while (!saved) {
            try {
                save("another");
                saved = true;
            } catch (StatusRuntimeException refused) {
                assertThat(refused).hasMessageContaining("too many requests");
            }
        }
    }

    /** Clients that write, each two keys at once, as fast as they can. */
    private record Writers(AtomicBoolean stopped, Semaphore written, List<Thread> threads)
            implements
                AutoCloseable {

        static Writers start(OneMember to, int count) {
            Writers writers = new Writers(new AtomicBoolean(), new Semaphore(0),
                    new ArrayList<>());
            for (int i = 0; i < count; i++) {
                int writer = i;
                writers.threads.add(Thread.ofPlatform().start(() -> writers.write(to, writer)));
            }
            return writers;
        }

        private void write(OneMember to, int writer) {
            var kv = KVGrpc.newBlockingStub(to.channel());
            for (int i = 0; !stopped.get(); i++) {
                TxnRequest.Builder both = TxnRequest.newBuilder();
                for (String half : new String[]{"a", "b"}) {
                    both.addSuccess(RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder()
                            .setKey(ByteString.copyFromUtf8("w" + writer + half))
                            .setValue(value(i % 100))));
                }
                assertThat(kv.txn(both.build()).getSucceeded()).isTrue();
                written.release();
            }
        }

        void awaitMore(int count) throws InterruptedException {
            written.drainPermits();
            assertThat(written.tryAcquire(count, 60, TimeUnit.SECONDS)).isTrue();
        }

        @Override
        public void close() {
            stopped.set(true);
            try {
                for (Thread thread : threads) {
                    thread.join();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    /** A client that takes one part and no more. */
    private static final class HeldCall
            implements
                ClientResponseObserver<SnapshotRequest, SnapshotResponse> {
        private final CompletableFuture<Void> begun = new CompletableFuture<>();
        private final CompletableFuture<Void> ended = new CompletableFuture<>();
        @SuppressWarnings("NullAway.Init") // Set before the call starts.
        private ClientCallStreamObserver<SnapshotRequest> call;

        static HeldCall begin(OneMember member) throws Exception {
            HeldCall held = new HeldCall();
            MaintenanceGrpc.newStub(member.channel())
                    .snapshot(SnapshotRequest.getDefaultInstance(), held);
            held.begun.get(60, TimeUnit.SECONDS);
            assertThat(held.ended).isNotDone();
            return held;
        }

        void takeTheRest() throws Exception {
            call.request(Integer.MAX_VALUE);
            ended.get(60, TimeUnit.SECONDS);
        }

        void cancel() throws Exception {
            call.cancel("enough", null);
            ended.get(60, TimeUnit.SECONDS);
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<SnapshotRequest> made) {
            call = made;
            made.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(SnapshotResponse part) {
            begun.complete(null);
        }

        @Override
        public void onError(Throwable failure) {
            begun.completeExceptionally(failure);
            ended.complete(null);
        }

        @Override
        public void onCompleted() {
            ended.complete(null);
        }
    }

    @Test
    void anyChangedByteIsRefused() throws IOException {
        SplittableRandom random = new SplittableRandom(3);
        Path changed = folder.resolve("changed");
        Files.copy(snapshot, changed);
        try (RandomAccessFile file = new RandomAccessFile(changed.toFile(), "rw");
                SnapshotFile checked = SnapshotFile.open(changed)) {
            checked.checkDigest();
            for (int round = 0; round < 300; round++) {
                long at = round < 32
                        ? file.length() - 1 - round
                        : random.nextLong(file.length());
                file.seek(at);
                int before = file.read();
                file.seek(at);
                file.write(before ^ (1 << random.nextInt(8)));
                assertThatThrownBy(checked::checkDigest).as("byte %s", at)
                        .isInstanceOf(SnapshotRefusedException.class);
                file.seek(at);
                file.write(before);
            }
            checked.checkDigest();
        }
    }

    @Test
    void aFileThatWasCutIsRefused() throws IOException {
        Path cut = folder.resolve("cut");
        byte[] bytes = Files.readAllBytes(snapshot);
        for (int length : new int[]{0, 31, 32, 4096, bytes.length - 4096, bytes.length - 32,
            bytes.length - 1}) {
            Files.write(cut, Arrays.copyOf(bytes, length));
            try (SnapshotFile file = SnapshotFile.open(cut)) {
                assertThatThrownBy(file::checkDigest).as("%s bytes", length)
                        .isInstanceOf(SnapshotRefusedException.class);
            }
        }
    }

    @Test
    void aRestoredMemberHasEverythingUnderNewIds() throws Exception {
        Path data = folder.resolve("restored");
        var config = OneMember.config(data).initialClusterToken("another").build();
        SnapshotStatus status = Restoration.restore(config, snapshot, false, RevisionBump.NONE);
        HashKVResponse before = hash(member);
        assertThat(status.revision()).isEqualTo(before.getHashRevision());
        for (int start = 0; start < 2; start++) {
            try (OneMember restored = OneMember.start(config)) {
                HashKVResponse after = hash(restored);
                assertThat(after.getHash()).isEqualTo(before.getHash());
                assertThat(after.getCompactRevision()).isEqualTo(100);
                assertThat(after.getHashRevision()).isEqualTo(before.getHashRevision());
                assertThat(after.getHeader().getClusterId())
                        .isNotEqualTo(before.getHeader().getClusterId());
                for (long revision = 100; revision <= before.getHashRevision(); revision += 40) {
                    assertThat(range(restored, revision).getKvsList())
                            .isEqualTo(range(member, revision).getKvsList());
                }
                var lease = LeaseGrpc.newBlockingStub(restored.channel()).leaseTimeToLive(
                        LeaseTimeToLiveRequest.newBuilder().setID(LEASE).setKeys(true).build());
                assertThat(lease.getGrantedTTL()).isEqualTo(600);
                assertThat(lease.getKeysList()).containsExactly(key(7));
                var auth = AuthGrpc.newBlockingStub(restored.channel());
                assertThat(auth.userGet(AuthUserGetRequest.newBuilder().setName("ann").build())
                        .getRolesList()).containsExactly("reader");
                assertThat(auth.authStatus(AuthStatusRequest.getDefaultInstance())
                        .getAuthRevision())
                        .isEqualTo(AuthGrpc.newBlockingStub(member.channel())
                                .authStatus(AuthStatusRequest.getDefaultInstance())
                                .getAuthRevision());
                AlarmResponse alarms = maintenance(restored)
                        .alarm(AlarmRequest.getDefaultInstance());
                assertThat(alarms.getAlarmsCount()).isEqualTo(1);
            }
        }
    }

    /** Two keys are only ever written together; a backup has both, and the hash of its revision. */
    @Test
    void aBackupUnderLoadIsOfOneRevision() throws Exception {
        try (OneMember loaded = OneMember.start(folder.resolve("loaded"));
                Writers writers = Writers.start(loaded, 4)) {
            for (int round = 0; round < 3; round++) {
                writers.awaitMore(50);
                Path file = save(loaded, "under-load-" + round);
                var config = OneMember.config(folder.resolve("of-load-" + round)).build();
                long revision = Restoration.restore(config, file, false, RevisionBump.NONE)
                        .revision();
                HashKVResponse expected = maintenance(loaded)
                        .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
                try (OneMember restored = OneMember.start(config)) {
                    assertThat(hash(restored).getHash()).isEqualTo(expected.getHash());
                    assertThat(hash(restored).getHashRevision()).isEqualTo(revision);
                    RangeResponse all = range(restored, 0);
                    assertThat(all.getCount()).isEqualTo(2 * 4);
                    for (int i = 0; i < all.getKvsCount(); i += 2) {
                        assertThat(all.getKvs(i).getValue())
                                .isEqualTo(all.getKvs(i + 1).getValue());
                    }
                }
            }
        }
    }

    @Test
    void writersGoOnWhileABackupIsOnItsWayAndStoppingEndsIt() throws Exception {
        HeldCall held;
        try (OneMember serving = OneMember.start(
                OneMember.config(folder.resolve("serving")).build())) {
            var kv = KVGrpc.newBlockingStub(serving.channel()).withDeadlineAfter(60,
                    TimeUnit.SECONDS);
            PutRequest put = PutRequest.newBuilder().setKey(key(0))
                    .setValue(ByteString.copyFrom(new byte[1_000_000])).build();
            long first = kv.put(put).getHeader().getRevision();
            held = HeldCall.begin(serving);
            assertThat(kv.put(put).getHeader().getRevision()).isEqualTo(first + 1);
            assertThat(held.ended).isNotDone();
            serving.server().close();
            held.takeTheRest();
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("backup-")) {
                thread.join(60_000);
                assertThat(thread.isAlive()).isFalse();
            }
        }
    }

    @Test
    void aRaisedRevisionEndsOldWatchesAndReads() throws Exception {
        var config = OneMember.config(folder.resolve("raised")).build();
        Restoration.restore(config, snapshot, false, new RevisionBump(1_000_000, true));
        long before = hash(member).getHashRevision();
        try (OneMember restored = OneMember.start(config)) {
            maintenance(restored).alarm(AlarmRequest.newBuilder()
                    .setAction(AlarmRequest.AlarmAction.DEACTIVATE).setMemberID(7)
                    .setAlarm(AlarmType.CORRUPT).build());
            long put = KVGrpc.newBlockingStub(restored.channel())
                    .put(PutRequest.newBuilder().setKey(key(1)).build()).getHeader()
                    .getRevision();
            assertThat(put).isEqualTo(before + 1_000_001);
            assertThatThrownBy(() -> range(restored, before))
                    .hasMessageContaining("required revision has been compacted");
            assertThat(range(restored, 0).getCount()).isEqualTo(KEYS);
        }
    }

    @Test
    void onlyAnEmptyPlaceIsRestoredTo() throws Exception {
        Path data = folder.resolve("taken");
        Files.createDirectories(data);
        Files.writeString(data.resolve("file"), "mine");
        assertThatThrownBy(() -> Restoration.restore(OneMember.config(data).build(), snapshot,
                false, RevisionBump.NONE)).isInstanceOf(StartException.class)
                .hasMessageContaining("is not empty");
        assertThat(data.resolve("file")).hasContent("mine");
    }

    @Test
    void aRestoreThatFailsLeavesNothing() throws Exception {
        Path damaged = folder.resolve("damaged");
        byte[] bytes = Files.readAllBytes(snapshot);
        bytes[bytes.length / 2] = (byte) (bytes[bytes.length / 2] ^ 1);
        Files.write(damaged, bytes);
        Path data = folder.resolve("never");
        assertThatThrownBy(() -> Restoration.restore(OneMember.config(data).build(), damaged,
                false, RevisionBump.NONE)).isInstanceOf(SnapshotRefusedException.class);
        assertThat(data).doesNotExist();
        assertThat(folder.resolve("never.restoring")).doesNotExist();
    }

    private static HashKVResponse hash(OneMember of) {
        return maintenance(of).hashKV(HashKVRequest.getDefaultInstance());
    }

    private static RangeResponse range(OneMember of, long revision) {
        return KVGrpc.newBlockingStub(of.channel())
                .withMaxInboundMessageSize(Integer.MAX_VALUE).range(RangeRequest.newBuilder()
                        .setKey(ALL).setRangeEnd(ALL).setRevision(revision).build());
    }
}
