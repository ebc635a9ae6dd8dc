// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.MessageLite;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.CompactionResponse;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.DeleteRangeResponse;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RangeStreamResponse;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.mvcc.RangePage;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.RangeReader;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/** The KV service. Reads of one key are answered where they arrive, longer ones by the readers. */
public final class KvService extends KVGrpc.KVImplBase {
    /** The part of the memory for answers that one may have that has to be held. */
    private static final int WHOLE_PART = 4;
    private static final long PHYSICAL_POLL_NANOS = Duration.ofMillis(10).toNanos();

    private final LocalMember member;
    private final Quota quota;
    private final LongRanges ranges;

    /** Serves {@code member}; {@code ranges} answers what is too large to be held. */
    public KvService(LocalMember member, Quota quota, LongRanges ranges) {
        this.member = member;
        this.quota = quota;
        this.ranges = ranges;
    }

    @Override
    public void range(RangeRequest request, StreamObserver<RangeResponse> out) {
        if (!passes(out, () -> KvCheck.check(request))) {
            return;
        }
        Runnable read = read(request, out);
        if (request.getSerializable()) {
            read.run();
        } else {
            member.readIndex(read, error -> out.onError(error.exception()));
        }
    }

    /** What answers once the read is permitted. */
    private Runnable read(RangeRequest request, StreamObserver<RangeResponse> out) {
        if (request.getRangeEnd().isEmpty()) {
            return () -> answer(request, out);
        }
        boolean mayBeLong = RangeCall.isSupported(request)
                && out instanceof ServerCallStreamObserver<RangeResponse>;
        Runnable read = mayBeLong
                ? new RangeCall(member, ranges, request,
                        (ServerCallStreamObserver<RangeResponse>) out)::run
                : () -> answerWhole(request, out);
        return () -> dispatch(read, out);
    }

    @Override
    public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> out) {
        if (!passes(out, () -> KvCheck.check(request))) {
            return;
        }
        if (!RangeStream.isSupported(request)) {
            out.onError(RangeStream.unsupported().asRuntimeException());
            return;
        }
        var client = (ServerCallStreamObserver<RangeStreamResponse>) out;
        RangeStream stream = new RangeStream(member, request, client);
        AtomicBoolean permitted = new AtomicBoolean(request.getSerializable());
        client.setOnCancelHandler(() -> {});
        client.setOnReadyHandler(() -> {
            if (permitted.get()) {
                stream.pump();
            }
        });
        if (!request.getSerializable()) {
            member.readIndex(() -> {
                permitted.set(true);
                stream.pump();
            }, error -> out.onError(error.exception()));
        }
    }

    private void dispatch(Runnable read, StreamObserver<RangeResponse> out) {
        try {
            member.readers().execute(Unexpected.answered(read, out));
        } catch (RejectedExecutionException full) {
            out.onError(EtcdError.TOO_MANY_REQUESTS.exception());
        }
    }

    /* Sorted, filtered, or for a caller within the process: it has to be held, all of it. */
    private void answerWhole(RangeRequest request, StreamObserver<RangeResponse> out) {
        if (!request.getCountOnly() && !fits(request)) {
            out.onError(EtcdError.TOO_MANY_REQUESTS.exception());
        } else {
            answer(request, out);
        }
    }

    private boolean fits(RangeRequest request) {
        long bytesMax = member.config().limits().responseBytesMax() / WHOLE_PART;
        long limit = RangeReader.isInOrder(request) ? request.getLimit() : 0;
        try (ReadView view = member.store().view()) {
            RangePage page = RangeReader.page(view, request, limit, bytesMax);
            return !page.hasMore() || page.keyValues().size() == limit;
        } catch (RequestRejected ignored) {
            return true; // The answer will say so.
        }
    }

    private void answer(RangeRequest request, StreamObserver<RangeResponse> out) {
        RangeResponse response;
        try (ReadView view = member.store().view()) {
            response = RangeReader.read(view::range, request)
                    .setHeader(member.header(view.revision())).build();
        } catch (RequestRejected rejected) {
            out.onError(rejected.error().exception());
            return;
        }
        out.onNext(response);
        out.onCompleted();
    }

    @Override
    public void put(PutRequest request, StreamObserver<PutResponse> out) {
        if (passes(out, () -> {
            KvCheck.check(request);
            quota.check(Quota.bytes(request));
        })) {
            member.propose(InternalRaftRequest.newBuilder().setPut(request).build(),
                    new Unary<>(out, (applied, revision) -> {
                        PutResponse response = (PutResponse) applied;
                        long own = response.getHeader().getRevision();
                        return response.toBuilder().setHeader(member.header(own)).build();
                    }));
        }
    }

    @Override
    public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> out) {
        if (passes(out, () -> KvCheck.check(request))) {
            proposeIfHeld(HeldRanges.of(request),
                    InternalRaftRequest.newBuilder().setDeleteRange(request).build(),
                    new Unary<>(out, (applied, revision) -> {
                        DeleteRangeResponse response = (DeleteRangeResponse) applied;
                        return response.toBuilder().setHeader(member.header(revision)).build();
                    }));
        }
    }

    @Override
    public void txn(TxnRequest request, StreamObserver<TxnResponse> out) {
        if (passes(out, () -> {
            KvCheck.check(request, member.config().maxTxnOps());
            quota.check(Quota.bytes(request));
        })) {
            proposeIfHeld(HeldRanges.of(request),
                    InternalRaftRequest.newBuilder().setTxn(request).build(),
                    new Unary<>(out, (applied, revision) -> {
                        TxnResponse response = (TxnResponse) applied;
                        return response.toBuilder().setHeader(member.header(revision)).build();
                    }));
        }
    }

    private void proposeIfHeld(HeldRanges ranges, InternalRaftRequest request,
            LocalMember.Answer answer) {
        if (ranges.isEmpty()) {
            member.propose(request, answer);
            return;
        }
        Caller caller = Caller.current();
        try {
            member.readers().execute(() -> {
                boolean fits;
                try (ReadView view = member.store().view()) {
                    fits = ranges.fit(view, member.config().limits().responseBytesMax());
                }
                if (fits) {
                    member.propose(caller, request, answer);
                } else {
                    answer.failed(EtcdError.REQUEST_TOO_LARGE);
                }
            });
        } catch (RejectedExecutionException full) {
            answer.failed(EtcdError.TOO_MANY_REQUESTS);
        }
    }

    @Override
    public void compact(CompactionRequest request, StreamObserver<CompactionResponse> out) {
        member.propose(InternalRaftRequest.newBuilder().setCompaction(request).build(),
                new LocalMember.Answer() {
                    @Override
                    public void done(MessageLite applied, long revision) {
                        finish(request, out, revision);
                    }

                    @Override
                    public void failed(EtcdError error) {
                        out.onError(error.exception());
                    }
                });
    }

    private void finish(CompactionRequest request, StreamObserver<CompactionResponse> out,
            long revision) {
        boolean isOpen = request.getPhysical()
                && member.store().finishedCompactRevision() < request.getRevision();
        if (isOpen && !member.status().stopped()) {
            member.loop().schedule(() -> finish(request, out, revision), PHYSICAL_POLL_NANOS);
            return;
        }
        out.onNext(CompactionResponse.newBuilder().setHeader(member.header(revision)).build());
        out.onCompleted();
    }

    static boolean passes(StreamObserver<?> out, Runnable check) {
        try {
            check.run();
            return true;
        } catch (RequestRejected rejected) {
            out.onError(rejected.error().exception());
            return false;
        }
    }
}
