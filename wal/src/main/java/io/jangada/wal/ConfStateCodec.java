// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.ConfState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A membership as bytes: four lists of ids, each led by its count, and a flag. Pure functions. */
final class ConfStateCodec {
    private ConfStateCodec() {}

    static int bytes(ConfState confState) {
        int ids = confState.voters().size() + confState.learners().size()
                + confState.votersOutgoing().size() + confState.learnersNext().size();
        return 4 * Integer.BYTES + ids * Long.BYTES + 1;
    }

    static void encode(ConfState confState, ByteBuffer target) {
        encode(confState.voters(), target);
        encode(confState.learners(), target);
        encode(confState.votersOutgoing(), target);
        encode(confState.learnersNext(), target);
        target.put((byte) (confState.autoLeave() ? 1 : 0));
    }

    private static void encode(List<Long> ids, ByteBuffer target) {
        target.putInt(ids.size());
        for (long id : ids) {
            target.putLong(id);
        }
    }

    /** Reads all that remains in {@code source}; empty if that is not exactly one membership. */
    static Optional<ConfState> decode(ByteBuffer source) {
        List<List<Long>> lists = new ArrayList<>(4);
        for (int i = 0; i < 4; i++) {
            if (source.remaining() < Integer.BYTES) {
                return Optional.empty();
            }
            int count = source.getInt();
            if (count < 0 || count > source.remaining() / Long.BYTES) {
                return Optional.empty();
            }
            List<Long> ids = new ArrayList<>(count);
            for (int n = 0; n < count; n++) {
                ids.add(source.getLong());
            }
            lists.add(ids);
        }
        if (source.remaining() != 1) {
            return Optional.empty();
        }
        boolean autoLeave = source.get() == 1;
        return Optional.of(new ConfState(lists.get(0), lists.get(1), lists.get(2), lists.get(3),
                autoLeave));
    }
}
