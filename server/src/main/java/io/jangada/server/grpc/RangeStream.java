// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeRequest.SortOrder;
import io.jangada.api.etcd.RangeRequest.SortTarget;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RangeStreamResponse;
import io.jangada.mvcc.RangePage;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.RangeReader;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A range that goes to the client in parts, all of them of one revision, each when the client has room for
 * it; what it says of the whole comes with the last part (etcd 3.7: RangeStream). The first part has ten
 * keys; the next ones grow, up to what a request may have. Runs on the readers, one task at a time.
 */
final class RangeStream {
    private static final int FIRST_KEYS = 10;
    private static final int KEYS_MAX = 10_000;
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    private final LocalMember member;
    private final RangeRequest request;
    private final ServerCallStreamObserver<RangeStreamResponse> out;
    /** Calls of {@link #pump} that are still to be answered for; above 0 while a task runs. */
    private final AtomicInteger calls = new AtomicInteger();
    private ByteString next;
    private long revision;
    private long sent;
    private long keys = FIRST_KEYS;
    private boolean over;

    /** Must be made while the call is being started. */
    RangeStream(LocalMember member, RangeRequest request,
            ServerCallStreamObserver<RangeStreamResponse> out) {
        this.member = member;
        this.request = request;
        this.out = out;
        this.next = request.getKey();
        this.revision = request.getRevision();
    }

    /** Whether {@code request} can be answered in parts: in the order of keys, and nothing left out. */
    static boolean isSupported(RangeRequest request) {
        return request.getSortOrder() == SortOrder.NONE
                && request.getSortTarget() == SortTarget.KEY
                && request.getMinModRevision() == 0 && request.getMaxModRevision() == 0
                && request.getMinCreateRevision() == 0 && request.getMaxCreateRevision() == 0;
    }

    static Status unsupported() {
        return Status.UNIMPLEMENTED.withDescription(
                "etcdserver: range streams have neither an order nor revision filters");
    }

    /** Sends what there is room for; called when a read is permitted, and when the client has room. */
    void pump() {
        if (calls.getAndIncrement() == 0) {
            try {
                member.readers().execute(Unexpected.answered(this::run, out));
            } catch (RejectedExecutionException full) {
                fail(EtcdError.TOO_MANY_REQUESTS);
            }
        }
    }

    private void run() {
        int seen;
        do {
            seen = calls.get();
            try {
                while (!over && out.isReady()) {
                    part();
                }
            } catch (RequestRejected rejected) {
                fail(rejected.error());
            }
        } while (calls.addAndGet(-seen) != 0);
    }

    private void part() {
        long left = request.getLimit() == 0 ? Long.MAX_VALUE : request.getLimit() - sent;
        RangeResponse.Builder part;
        try (ReadView view = member.store().view()) {
            revision = revision <= 0 ? view.revision() : revision;
            RangeRequest rest = request.toBuilder().setKey(next).setRevision(revision).build();
            if (request.getCountOnly()) {
                over = true;
                part = RangeResponse.newBuilder().setCount(RangeReader.count(view, rest));
            } else {
                part = part(view, rest, Math.min(keys, left));
            }
            if (over) {
                part.setHeader(member.header(view.revision()));
            }
        }
        out.onNext(RangeStreamResponse.newBuilder().setRangeResponse(part).build());
        if (over) {
            out.onCompleted();
        }
    }

    private RangeResponse.Builder part(ReadView view, RangeRequest rest, long limit) {
        RangePage page = RangeReader.page(view, rest, limit, member.config().maxRequestBytes());
        long before = sent;
        sent += page.keyValues().size();
        over = !page.hasMore() || sent == request.getLimit();
        if (over) {
            return RangeReader.response(page,
                    page.hasMore() ? before + RangeReader.count(view, rest) : sent);
        }
        RangeResponse.Builder part = RangeReader.response(page, 0).clearMore();
        next = page.keyValues().getLast().key().concat(ZERO);
        keys = Math.min(KEYS_MAX, keys * 2);
        return part;
    }

    private void fail(EtcdError error) {
        over = true;
        out.onError(error.exception());
    }
}
