// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.api.mvcc.KeyValue;
import io.jangada.mvcc.KeyRange;

/** Between the store's values and the API's messages. */
public final class KvMessages {
    private KvMessages() {}

    /** The message for {@code kv}. */
    public static KeyValue message(io.jangada.mvcc.KeyValue kv) {
        return KeyValue.newBuilder().setKey(kv.key()).setCreateRevision(kv.createRevision())
                .setModRevision(kv.modRevision()).setVersion(kv.version()).setValue(kv.value())
                .setLease(kv.lease()).build();
    }

    /** The keys that a request names. */
    public static KeyRange range(ByteString key, ByteString rangeEnd) {
        return new KeyRange(key, rangeEnd);
    }

    /** The header inside a transaction's answer: it has a revision only. */
    static ResponseHeader header(long revision) {
        return ResponseHeader.newBuilder().setRevision(revision).build();
    }
}
