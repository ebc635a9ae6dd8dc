// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmResponse;
import io.jangada.api.etcd.DefragmentRequest;
import io.jangada.api.etcd.DefragmentResponse;
import io.jangada.api.etcd.DowngradeInfo;
import io.jangada.api.etcd.DowngradeRequest;
import io.jangada.api.etcd.DowngradeResponse;
import io.jangada.api.etcd.HashKVRequest;
import io.jangada.api.etcd.HashKVResponse;
import io.jangada.api.etcd.HashRequest;
import io.jangada.api.etcd.HashResponse;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.MoveLeaderRequest;
import io.jangada.api.etcd.MoveLeaderResponse;
import io.jangada.api.etcd.SnapshotRequest;
import io.jangada.api.etcd.SnapshotResponse;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import io.jangada.mvcc.KvHash;
import io.jangada.mvcc.MvccException;
import io.jangada.mvcc.ReadView;
import io.jangada.raftnode.RaftStatus;
import io.jangada.raftnode.TransferResult;
import io.jangada.server.apply.Applier;
import io.jangada.server.apply.Members;
import io.jangada.server.backup.SnapshotStreams;
import io.jangada.server.config.Versions;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import java.util.zip.CheckedOutputStream;

/** The Maintenance service. What it does not have is UNIMPLEMENTED. */
public final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {
    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\.\\d+)?");
    private static final int DEFRAGMENTS_WAITING_MAX = 16;

    private final LocalMember member;
    private final SnapshotStreams snapshots;
    /** One at a time, apart from those that read; its thread is there only while it is needed. */
    private final ThreadPoolExecutor defragmenter = new ThreadPoolExecutor(1, 1, 1,
            TimeUnit.SECONDS, new ArrayBlockingQueue<>(DEFRAGMENTS_WAITING_MAX),
            Thread.ofPlatform().daemon().name("defragment").factory());

    /** Serves {@code member}, and its state by {@code snapshots}. */
    public MaintenanceService(LocalMember member, SnapshotStreams snapshots) {
        this.member = member;
        this.snapshots = snapshots;
        defragmenter.allowCoreThreadTimeOut(true);
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
        RaftStatus status = member.status();
        member.store().measure();
        StatusResponse.Builder response = StatusResponse.newBuilder()
                .setHeader(member.header(member.store().revision())).setVersion(Versions.ETCD)
                .setStorageVersion(Versions.STORAGE).setDbSize(member.store().dbSizeBytes())
                .setDbSizeInUse(member.store().dbSizeInUseBytes())
                .setDbSizeQuota(Math.max(0, member.config().quotaBackendBytes()))
                .setLeader(status.leader()).setRaftIndex(status.commit())
                .setRaftTerm(status.term()).setRaftAppliedIndex(status.applied())
                .setDowngradeInfo(DowngradeInfo.getDefaultInstance())
                .setIsLearner(member.isLearner());
        if (status.leader() == 0) {
            response.addErrors("etcdserver: no leader");
        }
        try (ReadView view = member.store().view()) {
            for (AlarmMember alarm : Members.alarms(view)) {
                response.addErrors(
                        "memberID:" + Long.toUnsignedString(alarm.getMemberID()) + " alarm:"
                                + alarm.getAlarm() + " ");
            }
        }
        out.onNext(response.build());
        out.onCompleted();
    }

    /** Gives back the space that compacted revisions take, before it answers. Others are served meanwhile. */
    @Override
    public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> out) {
        run(defragmenter, out, () -> {
            member.store().defragment();
            out.onNext(DefragmentResponse.getDefaultInstance());
            out.onCompleted();
        });
    }

    @Override
    public void hash(HashRequest request, StreamObserver<HashResponse> out) {
        read(out, () -> hashAll(out));
    }

    private void hashAll(StreamObserver<HashResponse> out) {
        CRC32C crc = new CRC32C();
        HashResponse.Builder response = HashResponse.newBuilder();
        try (ReadView view = member.store().view();
                OutputStream hashing = new CheckedOutputStream(OutputStream.nullOutputStream(),
                        crc)) {
            view.writeTo(hashing);
            response.setHeader(member.header(view.revision()));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        out.onNext(response.setHash((int) crc.getValue()).build());
        out.onCompleted();
    }

    private void read(StreamObserver<?> out, Runnable task) {
        run(member.readers(), out, task);
    }

    private static void run(Executor on, StreamObserver<?> out, Runnable task) {
        try {
            on.execute(Unexpected.answered(task, out));
        } catch (RejectedExecutionException full) {
            out.onError(EtcdError.TOO_MANY_REQUESTS.exception());
        }
    }

    /** The whole state, as a file that etcd's tools take. */
    @Override
    public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> out) {
        snapshots.start((ServerCallStreamObserver<SnapshotResponse>) out);
    }

    @Override
    public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> out) {
        read(out, () -> hash(request, out));
    }

    private void hash(HashKVRequest request, StreamObserver<HashKVResponse> out) {
        KvHash hash;
        try (ReadView view = member.store().view()) {
            hash = view.hashKv(request.getRevision());
        } catch (MvccException refused) {
            out.onError(Applier.error(refused).exception());
            return;
        }
        out.onNext(HashKVResponse.newBuilder().setHeader(member.header(hash.currentRevision()))
                .setHash((int) hash.hash()).setCompactRevision(hash.compactRevision())
                .setHashRevision(hash.hashRevision()).build());
        out.onCompleted();
    }

    @Override
    public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> out) {
        member.propose(InternalRaftRequest.newBuilder().setAlarm(request).build(),
                new Unary<>(out, (applied, revision) -> {
                    AlarmResponse response = (AlarmResponse) applied;
                    return response.toBuilder().setHeader(member.header(revision)).build();
                }));
    }

    /**
     * Refused as etcd refuses it: there is no older version of this server that could take the data over, so
     * that no target is valid, and no job to cancel.
     */
    @Override
    public void downgrade(DowngradeRequest request, StreamObserver<DowngradeResponse> out) {
        EtcdError refusal = switch (request.getAction()) {
            case VALIDATE, ENABLE -> VERSION.matcher(request.getVersion()).matches()
                    ? EtcdError.INVALID_DOWNGRADE_TARGET
                    : EtcdError.WRONG_DOWNGRADE_FORMAT;
            case CANCEL -> EtcdError.NO_INFLIGHT_DOWNGRADE;
            case UNRECOGNIZED -> EtcdError.WRONG_DOWNGRADE_FORMAT;
        };
        out.onError(refusal.exception());
    }

    @Override
    public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> out) {
        RaftStatus status = member.status();
        if (!status.isLeader()) {
            out.onError(EtcdError.NOT_LEADER.exception());
            return;
        }
        if (request.getTargetID() == member.memberId()) {
            out.onNext(MoveLeaderResponse.getDefaultInstance());
            out.onCompleted();
            return;
        }
        if (!status.confState().voters().contains(request.getTargetID())) {
            out.onError(EtcdError.BAD_LEADER_TRANSFEREE.exception());
            return;
        }
        var ignored = member.node().transferLeadership(request.getTargetID())
                .whenComplete((result, failure) -> {
                    if (result instanceof TransferResult.Transferred) {
                        out.onNext(MoveLeaderResponse.getDefaultInstance());
                        out.onCompleted();
                    } else {
                        out.onError(EtcdError.TIMEOUT.exception());
                    }
                });
    }
}
