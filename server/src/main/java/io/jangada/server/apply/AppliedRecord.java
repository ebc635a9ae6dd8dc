// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.CorruptStoreException;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** How the applied state is stored: a format byte, term, index, auto-leave, four counted lists of ids. */
final class AppliedRecord {
    private static final byte FORMAT = 1;
    private static final int LISTS = 4;

    private AppliedRecord() {}

    static ByteString encode(AppliedState state) {
        ConfState conf = state.confState();
        List<List<Long>> lists = List.of(conf.voters(), conf.learners(), conf.votersOutgoing(),
                conf.learnersNext());
        int ids = lists.stream().mapToInt(List::size).sum();
        ByteBuffer out = ByteBuffer
                .allocate(2 + Long.BYTES * (2 + ids) + Integer.BYTES * LISTS);
        out.put(FORMAT).putLong(state.last().term()).putLong(state.last().index())
                .put((byte) (conf.autoLeave() ? 1 : 0));
        for (List<Long> list : lists) {
            out.putInt(list.size());
            list.forEach(out::putLong);
        }
        return ByteString.copyFrom(out.flip());
    }

    static AppliedState decode(ByteString stored) {
        ByteBuffer in = stored.asReadOnlyByteBuffer();
        try {
            byte format = in.get();
            if (format != FORMAT) {
                throw new CorruptStoreException("applied state of format " + format);
            }
            EntryId last = new EntryId(in.getLong(), in.getLong());
            boolean autoLeave = in.get() != 0;
            return new AppliedState(last,
                    new ConfState(ids(in), ids(in), ids(in), ids(in), autoLeave));
        } catch (BufferUnderflowException cut) {
            throw new CorruptStoreException("applied state of " + stored.size() + " bytes", cut);
        }
    }

    private static List<Long> ids(ByteBuffer in) {
        int count = in.getInt();
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(in.getLong());
        }
        return ids;
    }
}
