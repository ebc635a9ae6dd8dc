// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.checker.history.Request;
import java.util.HashSet;
import java.util.Set;

/** What became of the writes whose outcome a client was not told. */
final class Unknowns {
    private final Marks marks;
    private final Set<ByteString> applied = new HashSet<>();
    private final Set<ByteString> unknown = new HashSet<>();

    Unknowns(Marks marks) {
        this.marks = marks;
    }

    /** A client has given up {@code request}; each value is written once. */
    void ended(Request request) {
        marks.see(Marks.Point.UNKNOWN);
        if (request instanceof Request.Put put) {
            ByteString value = Translation.bytes(put.value());
            if (applied.contains(value)) {
                marks.see(Marks.Point.UNKNOWN_BUT_APPLIED);
            } else {
                unknown.add(value);
            }
        }
    }

    /** The cluster has applied {@code request}. */
    void applied(InternalRaftRequest request) {
        if (request.hasPut()) {
            applied.add(request.getPut().getValue());
            if (unknown.remove(request.getPut().getValue())) {
                marks.see(Marks.Point.UNKNOWN_AND_APPLIED_LATER);
            }
        }
    }

    /** Nothing more is applied. */
    void end() {
        if (!unknown.isEmpty()) {
            marks.see(Marks.Point.UNKNOWN_AND_NEVER_APPLIED);
        }
    }
}
