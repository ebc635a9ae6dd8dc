// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The sessions of a group, with the answers that may be asked for again: the same on every member after
 * the same entries (Raft thesis 6.3). Owned by the apply loop.
 *
 * <p>Time is the latest that an entry has carried. What is forgotten depends on the entries alone, taken
 * one by one: never on how they were batched.
 */
final class SessionTable {
    private static final int VERSION = 1;
    private static final long OVERHEAD_BYTES = 64;

    /** One session, with its answers by number. */
    static final class Entry {
        private final TreeMap<Long, Bytes> answers = new TreeMap<>();
        private long firstOpen = 1;
        private long lastMillis;
        private long bytes = OVERHEAD_BYTES;

        /** Whether the session has told that it has the answer to {@code number}. */
        boolean isForgotten(long number) {
            return number < firstOpen;
        }

        /** The answer to {@code number}; null if it was not applied. */
        @Nullable
        Bytes answer(long number) {
            return answers.get(number);
        }
    }

    private final SessionLimits limits;
    /** The one that was idle longest comes first. */
    private final LinkedHashMap<Long, Entry> sessions = new LinkedHashMap<>();
    private long nowMillis;
    private long bytes;

    SessionTable(SessionLimits limits) {
        this.limits = limits;
    }

    int count() {
        return sessions.size();
    }

    long bytes() {
        return bytes;
    }

    /** Opens {@code session}. */
    void open(long session, long millis) {
        timeIs(millis);
        Entry opened = new Entry();
        opened.lastMillis = nowMillis;
        bytes += opened.bytes;
        sessions.put(session, opened);
        evict();
    }

    void close(long session) {
        Entry closed = sessions.remove(session);
        if (closed != null) {
            bytes -= closed.bytes;
        }
    }

    /** {@code session}, used at {@code millis}; null if there is none. */
    @Nullable
    Entry use(long session, long millis) {
        timeIs(millis);
        Entry used = sessions.remove(session);
        if (used != null) {
            used.lastMillis = nowMillis;
            sessions.put(session, used);
        }
        return used;
    }

    /** The answers below {@code firstOpen} are not needed any more. */
    void forget(Entry session, long firstOpen) {
        if (firstOpen > session.firstOpen) {
            session.firstOpen = firstOpen;
            Map<Long, Bytes> old = session.answers.headMap(firstOpen);
            old.values().forEach(answer -> account(session, -size(answer)));
            old.clear();
        }
    }

    /** Keeps {@code answer}. */
    void keep(Entry session, long number, Bytes answer) {
        session.answers.put(number, answer);
        account(session, size(answer));
        evict();
    }

    private static long size(Bytes answer) {
        return OVERHEAD_BYTES + answer.size();
    }

    private void account(Entry session, long more) {
        session.bytes += more;
        bytes += more;
    }

    private void timeIs(long millis) {
        nowMillis = Math.max(nowMillis, millis);
        Iterator<Entry> oldest = sessions.values().iterator();
        while (oldest.hasNext()) {
            Entry next = oldest.next();
            if (nowMillis - next.lastMillis <= limits.idleMax().toMillis()) {
                return;
            }
            bytes -= next.bytes;
            oldest.remove();
        }
    }

    private void evict() {
        Iterator<Entry> oldest = sessions.values().iterator();
        while ((sessions.size() > limits.countMax() || bytes > limits.bytesMax())
                && oldest.hasNext()) {
            bytes -= oldest.next().bytes;
            oldest.remove();
        }
    }

    // In snapshots.

    void writeTo(DataOutputStream out) throws IOException {
        out.writeInt(VERSION);
        out.writeLong(nowMillis);
        out.writeInt(sessions.size());
        for (Map.Entry<Long, Entry> session : sessions.entrySet()) {
            out.writeLong(session.getKey());
            out.writeLong(session.getValue().firstOpen);
            out.writeLong(session.getValue().lastMillis);
            out.writeInt(session.getValue().answers.size());
            for (Map.Entry<Long, Bytes> answer : session.getValue().answers.entrySet()) {
                out.writeLong(answer.getKey());
                out.writeInt(answer.getValue().size());
                out.write(answer.getValue().toByteArray());
            }
        }
    }

    /** Replaces everything by what {@link #writeTo} wrote. */
    void readFrom(DataInputStream in) throws IOException {
        int version = in.readInt();
        if (version != VERSION) {
            throw new IOException("session table of version " + version + ", not " + VERSION);
        }
        sessions.clear();
        bytes = 0;
        nowMillis = in.readLong();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            long id = in.readLong();
            Entry session = new Entry();
            session.firstOpen = in.readLong();
            session.lastMillis = in.readLong();
            int answers = in.readInt();
            for (int n = 0; n < answers; n++) {
                long number = in.readLong();
                int size = in.readInt();
                Bytes answer = Bytes.wrap(in.readNBytes(size));
                if (answer.size() != size) {
                    throw new IOException("the session table ends in session " + id);
                }
                session.answers.put(number, answer);
                session.bytes += size(answer);
            }
            bytes += session.bytes;
            sessions.put(id, session);
        }
    }
}
