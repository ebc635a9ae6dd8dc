// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.mvcc.KeyValue;
import io.jangada.mvcc.RangePage;
import io.jangada.mvcc.ReadView;
import io.jangada.server.answer.LongAnswer;
import io.jangada.server.answer.LongAnswers;
import io.jangada.server.apply.RangeReader;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A range in the order of keys with nothing left out. If its answer is small it is sent as it is. A larger one is measured
 * first, and made part by part while it is sent, both from one view of the store, so that it may be of any size.
 * {@link #run} is a reader's, what comes after it the long ranges' thread's.
 */
final class RangeCall implements LongAnswer {
    /** What a part has, or one key-value more. */
    static final int PART_BYTES = 256 << 10;
    /** An answer up to this is sent as it is. */
    private static final int SMALL_BYTES = 4 << 20;
    private static final int KEY_VALUE_TAG = 2 << 3 | 2;
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    private final LocalMember member;
    private final LongRanges ranges;
    private final RangeRequest request;
    private final ServerCallStreamObserver<RangeResponse> out;
    private final AtomicBoolean over = new AtomicBoolean();
    private @Nullable ReadView view;
    private RangeRequest rest;
    private ByteString head = ByteString.EMPTY;
    private ByteString tail = ByteString.EMPTY;
    private long keyValueBytes;
    private long measuredKeys;
    private long sentKeys;
    private int bytes;
    /** 0 if there is none. Written before the note is sent; read when the call is over. */
    private volatile long noteNumber;

    /** Must be made while the call is being started. */
    RangeCall(LocalMember member, LongRanges ranges, RangeRequest request,
            ServerCallStreamObserver<RangeResponse> out) {
        this.member = member;
        this.ranges = ranges;
        this.request = request;
        this.rest = request;
        this.out = out;
        out.setOnCancelHandler(this::over);
        out.setOnCloseHandler(this::over);
    }

    /** Whether {@code request}'s answer can be made so, for the call that is being served on this thread. */
    static boolean isSupported(RangeRequest request) {
        return LongAnswers.arePossible() && !request.getRangeEnd().isEmpty()
                && !request.getCountOnly() && RangeReader.isInOrder(request);
    }

    /** Answers, or leaves it to the long ranges. */
    void run() {
        try (ReadView now = member.store().view()) {
            RangePage page = RangeReader.page(now, request, request.getLimit(), SMALL_BYTES);
            boolean isWhole = !page.hasMore() || page.keyValues().size() == request.getLimit();
            if (isWhole) {
                out.onNext(RangeReader.response(page, count(now, page))
                        .setHeader(member.header(now.revision())).build());
                out.onCompleted();
            } else {
                ranges.admit(this);
            }
        } catch (RequestRejected rejected) {
            refuse(rejected.error());
        }
    }

    private long count(ReadView now, RangePage page) {
        return page.hasMore() ? RangeReader.count(now, request) : page.keyValues().size();
    }

    void refuse(EtcdError error) {
        out.onError(error.exception());
    }

    /** Begins to measure; returns whether it is under way now. */
    boolean begin() {
        if (over.get()) {
            return false;
        }
        ReadView opened = member.store().view();
        view = opened;
        long revision = request.getRevision() > 0 ? request.getRevision() : opened.revision();
        rest = request.toBuilder().setRevision(revision).build();
        head = RangeResponse.newBuilder().setHeader(member.header(opened.revision())).build()
                .toByteString();
        ranges.execute(Unexpected.answered(this::measure, out));
        return true;
    }

    private void measure() {
        ReadView open = view;
        if (open == null || over.get()) {
            return;
        }
        try {
            RangePage page = RangeReader.page(open, rest, left(measuredKeys), SMALL_BYTES);
            for (KeyValue kv : page.keyValues()) {
                keyValueBytes += fieldBytes(kv);
            }
            measuredKeys += page.keyValues().size();
            boolean isLast = !page.hasMore() || measuredKeys == request.getLimit();
            if (isLast) {
                measured(page.hasMore(), page.hasMore()
                        ? RangeReader.count(open,
                                rest.toBuilder().setKey(request.getKey()).build())
                        : measuredKeys);
            } else {
                goOnAfter(page.keyValues());
                ranges.execute(Unexpected.answered(this::measure, out));
            }
        } catch (RequestRejected rejected) {
            refuse(rejected.error());
        }
    }

    /** Of keys still to come, where {@code before} are dealt with; 0 for all. */
    private long left(long before) {
        return request.getLimit() == 0 ? 0 : request.getLimit() - before;
    }

    private void goOnAfter(List<KeyValue> page) {
        rest = rest.toBuilder().setKey(page.getLast().key().concat(ZERO)).build();
    }

    private void measured(boolean hasMore, long count) {
        tail = RangeResponse.newBuilder().setMore(hasMore).setCount(count).build().toByteString();
        long all = head.size() + keyValueBytes + tail.size();
        if (all > Integer.MAX_VALUE) {
            out.onError(Status.RESOURCE_EXHAUSTED.withDescription(
                    "trying to send message larger than max (" + all + " vs. "
                            + Integer.MAX_VALUE + ")")
                    .asRuntimeException());
            return;
        }
        bytes = (int) all;
        rest = rest.toBuilder().setKey(request.getKey()).build();
        LongAnswers.Note note = ranges.answers().announce(this);
        noteNumber = note.number();
        if (over.get()) {
            ranges.answers().forget(note.number());
            return;
        }
        out.onNext(note.message());
        out.onCompleted();
    }

    @Override
    public int bytes() {
        return bytes;
    }

    @Override
    public void next(Consumer<ByteString> part) {
        ranges.execute(() -> {
            ByteString made = ByteString.EMPTY;
            try {
                made = part();
            } finally {
                part.accept(made); // Empty if it failed: the client must not take what it has for all.
            }
        });
    }

    private ByteString part() {
        ReadView open = view;
        if (open == null) {
            return ByteString.EMPTY;
        }
        RangePage page = RangeReader.page(open, rest, left(sentKeys), PART_BYTES);
        ByteString before = sentKeys == 0 ? head : ByteString.EMPTY;
        sentKeys += page.keyValues().size();
        boolean isLast = sentKeys >= measuredKeys;
        ByteString after = isLast ? tail : ByteString.EMPTY;
        if (!isLast) {
            goOnAfter(page.keyValues());
        }
        return encoded(before, page.keyValues(), after);
    }

    private static ByteString encoded(ByteString before, List<KeyValue> kvs, ByteString after) {
        int size = before.size() + after.size();
        for (KeyValue kv : kvs) {
            size += fieldBytes(kv);
        }
        byte[] encoded = new byte[size];
        CodedOutputStream to = CodedOutputStream.newInstance(encoded);
        try {
            to.writeRawBytes(before);
            for (KeyValue kv : kvs) {
                to.writeUInt32NoTag(KEY_VALUE_TAG);
                to.writeUInt32NoTag(kv.encodedBytes());
                kv.writeTo(to);
            }
            to.writeRawBytes(after);
            to.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new IllegalStateException("encoding into an array of the right size", impossible);
        }
        return UnsafeByteOperations.unsafeWrap(encoded);
    }

    private static int fieldBytes(KeyValue kv) {
        int length = kv.encodedBytes();
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(length) + length;
    }

    private void over() {
        if (over.compareAndSet(false, true)) {
            ranges.answers().forget(noteNumber);
            ranges.end(this);
        }
    }

    /** Lets go of the store. */
    void release() {
        ReadView open = view;
        if (open != null) {
            view = null;
            open.close();
        }
    }
}
