// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.RangeOptions.Content;
import io.jangada.mvcc.backend.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What the store should do, done naively: a list of all changes, replayed for every question. */
final class Model {
    /** One change; {@code keyValue} of a deletion has the key and the revision. */
    record Step(EventType type, KeyValue keyValue) {}

    final List<Step> steps = new ArrayList<>();
    final NavigableMap<Long, Lease> leases = new TreeMap<>(Long::compareUnsigned);
    long revision = 1;
    long compactRevision = -1;

    NavigableMap<ByteString, KeyValue> at(long asOf) {
        NavigableMap<ByteString, KeyValue> state = new TreeMap<>(ByteOrder.UNSIGNED);
        for (Step step : steps) {
            if (step.keyValue.modRevision() > asOf) {
                break;
            }
            if (step.type == EventType.PUT) {
                state.put(step.keyValue.key(), step.keyValue);
            } else {
                state.remove(step.keyValue.key());
            }
        }
        return state;
    }

    void put(ByteString key, ByteString value, long lease, long main) {
        KeyValue before = at(main).get(key);
        steps.add(new Step(EventType.PUT,
                before == null
                        ? new KeyValue(key, main, main, 1, value, lease)
                        : new KeyValue(key, before.createRevision(), main, before.version() + 1,
                                value, lease)));
    }

    List<KeyValue> delete(KeyRange range, long main) {
        List<KeyValue> found = new ArrayList<>();
        for (KeyValue keyValue : at(main).values()) {
            if (contains(range, keyValue.key())) {
                found.add(keyValue);
                steps.add(new Step(EventType.DELETE, KeyValue.deleted(keyValue.key(), main)));
            }
        }
        return found;
    }

    List<ByteString> leaseKeys(long lease) {
        return at(revision).values().stream().filter(kv -> kv.lease() == lease)
                .map(KeyValue::key).toList();
    }

    RangeResult range(KeyRange range, RangeOptions options, long current) {
        long asOf = options.revision() <= 0 ? current : options.revision();
        List<KeyValue> all = at(asOf).values().stream()
                .filter(kv -> contains(range, kv.key())).toList();
        if (options.content() == Content.COUNT) {
            return new RangeResult(List.of(), all.size(), false);
        }
        List<KeyValue> cut = options.limit() > 0 && options.limit() < all.size()
                ? all.subList(0, (int) options.limit())
                : all;
        List<KeyValue> shown = options.content() == Content.KEYS
                ? cut.stream().map(KeyValue::keyOnly).toList()
                : cut;
        return new RangeResult(shown, all.size(), cut.size() < all.size());
    }

    /** The changes from {@code from} on that {@code range} contains. */
    List<Step> slice(KeyRange range, long from) {
        return steps.stream()
                .filter(step -> step.keyValue.modRevision() >= from
                        && contains(range, step.keyValue.key()))
                .toList();
    }

    /** The definition of a range, written down a second time. */
    static boolean contains(KeyRange range, ByteString key) {
        ByteString end = range.rangeEnd();
        if (end.isEmpty()) {
            return key.equals(range.key());
        }
        boolean isBounded = !end.equals(ByteString.copyFrom(new byte[1]));
        byte[] bytes = key.toByteArray();
        return Arrays.compareUnsigned(bytes, range.key().toByteArray()) >= 0
                && (!isBounded || Arrays.compareUnsigned(bytes, end.toByteArray()) < 0);
    }

    /** The rows of history that should be left once compaction has finished: revision and type. */
    List<String> keptHistory() {
        Map<ByteString, Step> newest = new TreeMap<>(ByteOrder.UNSIGNED);
        for (Step step : steps) {
            if (step.keyValue.modRevision() <= compactRevision) {
                newest.put(step.keyValue.key(), step);
            }
        }
        return steps.stream().filter(step -> {
            long main = step.keyValue.modRevision();
            return main > compactRevision || (step.equals(newest.get(step.keyValue.key()))
                    && (step.type == EventType.PUT || main == compactRevision));
        }).map(step -> step.keyValue.modRevision() + " " + step.type).toList();
    }
}
