// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeRequest.SortOrder;
import io.jangada.api.etcd.RangeRequest.SortTarget;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.mvcc.CompactedException;
import io.jangada.mvcc.FutureRevisionException;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.KeyValue;
import io.jangada.mvcc.RangeOptions;
import io.jangada.mvcc.RangeOptions.Content;
import io.jangada.mvcc.RangePage;
import io.jangada.mvcc.RangeResult;
import io.jangada.mvcc.ReadView;
import io.jangada.server.error.EtcdError;
import java.util.Comparator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Evaluates range requests with all their options (etcd: executeRange). Pure. */
public final class RangeReader {

    /** What can be read from: a view, or a transaction with its own writes. */
    @FunctionalInterface
    public interface Source {
        /** See {@link io.jangada.mvcc.ReadView#range}. */
        RangeResult range(KeyRange range, RangeOptions options);
    }

    private RangeReader() {}

    /**
     * The answer to {@code request}, without a header.
     *
     * @throws RequestRejected if the revision is compacted or yet to come
     */
    public static RangeResponse.Builder read(Source source, RangeRequest request) {
        boolean sorts = sorts(request);
        boolean fetchesAll = sorts || filters(request);
        // One more than is told takes part in the order.
        boolean fetchesMore = !fetchesAll && needsSort(request) && request.getLimit() > 0;
        long fetched = fetchesAll ? 0 : fetchesMore ? request.getLimit() + 1 : request.getLimit();
        RangeOptions options = new RangeOptions(request.getRevision(), fetched, content(request));
        RangeResult found = checked(() -> source.range(range(request), options));
        RangeResponse.Builder response = RangeResponse.newBuilder().setCount(found.count());
        if (request.getCountOnly()) {
            return response;
        }
        List<KeyValue> kvs = found.keyValues();
        boolean hasMore = found.hasMore();
        if (fetchesAll || needsSort(request)) {
            kvs = arrange(request, kvs);
            if (request.getLimit() > 0 && kvs.size() > request.getLimit()) {
                kvs = kvs.subList(0, (int) request.getLimit());
                hasMore = true;
            }
        }
        for (KeyValue kv : kvs) {
            response.addKvs(KvMessages.message(request.getKeysOnly() ? kv.keyOnly() : kv));
        }
        return response.setMore(hasMore);
    }

    /** Whether the answer to {@code request} is in the order of keys, and leaves none out. */
    public static boolean isInOrder(RangeRequest request) {
        return !needsSort(request) && !filters(request);
    }

    /**
     * The beginning of what a request {@linkplain #isInOrder in order} asks for: see {@link ReadView#page}.
     *
     * @param limit of keys, instead of the request's; 0 for none
     * @throws RequestRejected if the revision is compacted or yet to come
     */
    public static RangePage page(ReadView view, RangeRequest request, long limit, long bytesMax) {
        RangeOptions options = new RangeOptions(request.getRevision(), limit, content(request));
        return checked(() -> view.page(range(request), options, bytesMax));
    }

    /**
     * How many keys there are in the range of {@code request}, whatever its limit.
     *
     * @throws RequestRejected if the revision is compacted or yet to come
     */
    public static long count(ReadView view, RangeRequest request) {
        RangeOptions options = new RangeOptions(request.getRevision(), 0, Content.COUNT);
        return checked(() -> view.range(range(request), options).count());
    }

    /** The answer that has {@code page}, of {@code count} keys in all; without a header. */
    public static RangeResponse.Builder response(RangePage page, long count) {
        RangeResponse.Builder response = RangeResponse.newBuilder().setCount(count)
                .setMore(page.hasMore());
        page.keyValues().forEach(kv -> response.addKvs(KvMessages.message(kv)));
        return response;
    }

    private static KeyRange range(RangeRequest request) {
        return new KeyRange(request.getKey(), request.getRangeEnd());
    }

    private static <T> T checked(Supplier<T> read) {
        try {
            return read.get();
        } catch (CompactedException ignored) {
            throw new RequestRejected(EtcdError.COMPACTED);
        } catch (FutureRevisionException ignored) {
            throw new RequestRejected(EtcdError.FUTURE_REVISION);
        }
    }

    private static Content content(RangeRequest request) {
        if (request.getCountOnly()) {
            return Content.COUNT;
        }
        return request.getKeysOnly() && request.getSortTarget() != SortTarget.VALUE
                ? Content.KEYS
                : Content.KEYS_AND_VALUES;
    }

    /* An order by another target than the key without a direction sorts what the limit left over, and one more:
     * only an explicit order makes the scan read everything. */
    private static boolean sorts(RangeRequest request) {
        return switch (request.getSortOrder()) {
            case DESCEND -> true;
            case ASCEND -> request.getSortTarget() != SortTarget.KEY;
            case NONE, UNRECOGNIZED -> false;
        };
    }

    private static boolean needsSort(RangeRequest request) {
        return sorts(request) || request.getSortTarget() != SortTarget.KEY;
    }

    private static boolean filters(RangeRequest request) {
        return request.getMinModRevision() != 0 || request.getMaxModRevision() != 0
                || request.getMinCreateRevision() != 0 || request.getMaxCreateRevision() != 0;
    }

    private static List<KeyValue> arrange(RangeRequest request, List<KeyValue> kvs) {
        Stream<KeyValue> kept = kvs.stream();
        if (filters(request)) {
            kept = kept.filter(kv -> within(kv.modRevision(), request.getMinModRevision(),
                    request.getMaxModRevision())
                    && within(kv.createRevision(), request.getMinCreateRevision(),
                            request.getMaxCreateRevision()));
        }
        if (needsSort(request)) {
            Comparator<KeyValue> order = order(request.getSortTarget());
            kept = kept.sorted(
                    request.getSortOrder() == SortOrder.DESCEND ? order.reversed() : order);
        }
        return kept.toList();
    }

    private static boolean within(long revision, long min, long max) {
        return (min == 0 || revision >= min) && (max == 0 || revision <= max);
    }

    private static Comparator<KeyValue> order(SortTarget target) {
        return switch (target) {
            case KEY, UNRECOGNIZED -> Comparator.comparing(KeyValue::key,
                    ByteString.unsignedLexicographicalComparator());
            case VERSION -> Comparator.comparingLong(KeyValue::version);
            case CREATE -> Comparator.comparingLong(KeyValue::createRevision);
            case MOD -> Comparator.comparingLong(KeyValue::modRevision);
            case VALUE -> Comparator.comparing(KeyValue::value,
                    ByteString.unsignedLexicographicalComparator());
        };
    }
}
