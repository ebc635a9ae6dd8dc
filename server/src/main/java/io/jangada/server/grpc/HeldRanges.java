// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.KeyValue;
import io.jangada.mvcc.RangeOptions;
import io.jangada.mvcc.RangePage;
import io.jangada.mvcc.ReadView;
import java.util.ArrayList;
import java.util.List;

/**
 * The ranges that every member has to hold in memory, all at once, when it applies an entry: those that it deletes, compares or reads in a
 * transaction. An entry that takes more memory than there is would end all members, and again when they start, so it is asked
 * before whether they fit. Immutable.
 *
 * @param ranges with an end; single keys are no matter
 */
record HeldRanges(List<Held> ranges) {
    private static final int PAGE_BYTES = 4 << 20;
    /** What a key-value takes besides its bytes: objects, rows and an event. */
    private static final int KEY_VALUE_OVERHEAD_BYTES = 1_000;
    /** A key-value's bytes are held by what was read, an answer and an event. */
    private static final int COPIES = 3;
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    HeldRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * One of them.
     *
     * @param limit of keys; 0 for none
     */
    record Held(KeyRange range, long limit) {}

    static HeldRanges of(DeleteRangeRequest request) {
        List<Held> ranges = new ArrayList<>();
        add(request.getKey(), request.getRangeEnd(), 0, ranges);
        return new HeldRanges(ranges);
    }

    /** Of both branches: which one will be taken is not known. */
    static HeldRanges of(TxnRequest request) {
        List<Held> ranges = new ArrayList<>();
        gather(request, ranges);
        return new HeldRanges(ranges);
    }

    private static void gather(TxnRequest request, List<Held> to) {
        for (Compare compare : request.getCompareList()) {
            add(compare.getKey(), compare.getRangeEnd(), 0, to);
        }
        request.getSuccessList().forEach(op -> gather(op, to));
        request.getFailureList().forEach(op -> gather(op, to));
    }

    private static void gather(RequestOp op, List<Held> to) {
        switch (op.getRequestCase()) {
            case REQUEST_RANGE -> {
                RangeRequest range = op.getRequestRange();
                if (!range.getCountOnly()) {
                    add(range.getKey(), range.getRangeEnd(), range.getLimit(), to);
                }
            }
            case REQUEST_DELETE_RANGE -> add(op.getRequestDeleteRange().getKey(),
                    op.getRequestDeleteRange().getRangeEnd(), 0, to);
            case REQUEST_TXN -> gather(op.getRequestTxn(), to);
            case REQUEST_PUT, REQUEST_NOT_SET -> {
            }
        }
    }

    private static void add(ByteString key, ByteString rangeEnd, long limit, List<Held> to) {
        if (!rangeEnd.isEmpty()) {
            to.add(new Held(new KeyRange(key, rangeEnd), limit));
        }
    }

    boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** Whether all of them, as they are in {@code view}, take at most {@code bytesMax} of memory. Reads as much; not for an event loop. */
    boolean fit(ReadView view, long bytesMax) {
        long left = bytesMax;
        for (Held held : ranges) {
            left -= bytes(view, held, left);
        }
        return left >= 0;
    }

    /** Of {@code held}; counted until they are more than {@code enough}. */
    private static long bytes(ReadView view, Held held, long enough) {
        KeyRange rest = held.range();
        long bytes = 0;
        long keys = 0;
        RangePage page;
        do {
            page = view.page(rest, RangeOptions.LATEST.limitedTo(
                    held.limit() == 0 ? 0 : held.limit() - keys), PAGE_BYTES);
            for (KeyValue kv : page.keyValues()) {
                bytes += KEY_VALUE_OVERHEAD_BYTES + (long) COPIES * kv.encodedBytes();
            }
            keys += page.keyValues().size();
            if (page.hasMore()) {
                rest = new KeyRange(page.keyValues().getLast().key().concat(ZERO),
                        rest.rangeEnd());
            }
        } while (page.hasMore() && keys != held.limit() && bytes <= enough);
        return bytes;
    }
}
