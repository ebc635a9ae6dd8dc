// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.membership.Member;
import io.jangada.bbolt.BoltWriter;
import io.jangada.mvcc.Lease;
import io.jangada.mvcc.ReadView;
import io.jangada.raftnode.AppliedState;
import io.jangada.server.apply.Applier;
import io.jangada.server.apply.Members;
import io.jangada.server.auth.AuthState;
import io.jangada.server.auth.AuthStore;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.channels.SeekableByteChannel;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Writes a state as etcd's database, in the form of etcd 3.5, which 3.4 to 3.7 read: it says neither which
 * version the cluster ran at nor which one wrote it, since an older etcd would refuse a newer one's.
 *
 * <p>What a compaction has given up and not yet deleted is in it, with the mark by which etcd goes on with
 * the deletion. One thread, which it blocks.
 */
final class BackupWriter {
    private final ReadView view;
    private final BooleanSupplier cancelled;
    private final BoltWriter out;
    private long lastRevision;

    private BackupWriter(ReadView view, BooleanSupplier cancelled, BoltWriter out) {
        this.view = view;
        this.cancelled = cancelled;
        this.out = out;
    }

    /**
     * Writes {@code view} to {@code file}, which is empty, in one go.
     *
     * @param cancelled asked often; once it says so the writing ends with an InterruptedIOException
     * @return bytes written
     */
    static long write(ReadView view, BooleanSupplier cancelled, SeekableByteChannel file)
            throws IOException {
        return new BackupWriter(view, cancelled, new BoltWriter(file)).write();
    }

    private long write() throws IOException {
        bucket(Buckets.ALARM, alarms());
        AuthState auth = AuthStore.stored(view);
        bucket(Buckets.AUTH, auth(auth));
        bucket(Buckets.AUTH_ROLES, named(auth.roles()));
        bucket(Buckets.AUTH_USERS, named(auth.users()));
        out.bucket(Buckets.CLUSTER);
        history();
        out.bucket(Buckets.LEASE);
        for (Lease lease : view.leases()) {
            put(Buckets.number(lease.id()), io.jangada.api.lease.Lease.newBuilder()
                    .setID(lease.id()).setTTL(lease.ttlSeconds())
                    .setRemainingTTL(lease.remainingSeconds()).build().toByteString());
        }
        bucket(Buckets.MEMBERS, members());
        bucket(Buckets.MEMBERS_REMOVED, removed());
        bucket(Buckets.META, meta());
        return out.finish();
    }

    private void bucket(String name, NavigableMap<ByteString, ByteString> rows)
            throws IOException {
        out.bucket(name);
        for (var row : rows.entrySet()) {
            put(row.getKey(), row.getValue());
        }
    }

    private void history() throws IOException {
        out.bucket(Buckets.KEY);
        view.history((revision, keyValue) -> {
            put(revision, keyValue);
            lastRevision = revision.asReadOnlyByteBuffer().getLong();
        });
        if (view.revision() > Math.max(1, Math.max(lastRevision, view.compactRevision()))) {
            put(Buckets.skipped(view.revision()), ByteString.EMPTY);
        }
    }

    private void put(ByteString key, ByteString value) throws IOException {
        if (cancelled.getAsBoolean()) {
            throw new InterruptedIOException("nobody wants the snapshot any more");
        }
        out.put(key.asReadOnlyByteBuffer(), value.asReadOnlyByteBuffer());
    }

    private NavigableMap<ByteString, ByteString> alarms() {
        NavigableMap<ByteString, ByteString> rows = rows();
        for (AlarmMember alarm : Members.alarms(view)) {
            rows.put(alarm.toByteString(), ByteString.EMPTY);
        }
        return rows;
    }

    private static NavigableMap<ByteString, ByteString> auth(AuthState auth) {
        NavigableMap<ByteString, ByteString> rows = rows();
        rows.put(ByteString.copyFromUtf8(Buckets.AUTH_ENABLED),
                ByteString.copyFrom(new byte[]{(byte) (auth.enabled() ? 1 : 0)}));
        rows.put(ByteString.copyFromUtf8(Buckets.AUTH_REVISION),
                Buckets.number(auth.revision()));
        return rows;
    }

    private static NavigableMap<ByteString, ByteString> named(
            Map<String, ? extends MessageLite> all) {
        NavigableMap<ByteString, ByteString> rows = rows();
        all.forEach((name, one) -> rows.put(ByteString.copyFromUtf8(name), one.toByteString()));
        return rows;
    }

    private NavigableMap<ByteString, ByteString> members() {
        NavigableMap<ByteString, ByteString> rows = rows();
        for (Member member : Members.all(view)) {
            rows.put(id(member.getID()), Json.of(member));
        }
        return rows;
    }

    private NavigableMap<ByteString, ByteString> removed() {
        NavigableMap<ByteString, ByteString> rows = rows();
        for (long removed : Members.removed(view)) {
            rows.put(id(removed), ByteString.copyFromUtf8("removed"));
        }
        return rows;
    }

    private NavigableMap<ByteString, ByteString> meta() {
        AppliedState applied = Applier.applied(view);
        NavigableMap<ByteString, ByteString> rows = rows();
        rows.put(ByteString.copyFromUtf8(Buckets.CONF_STATE), Json.of(applied.confState()));
        rows.put(ByteString.copyFromUtf8(Buckets.CONSISTENT_INDEX),
                Buckets.number(applied.index()));
        rows.put(ByteString.copyFromUtf8(Buckets.TERM), Buckets.number(applied.last().term()));
        if (view.compactRevision() > 0) {
            rows.put(ByteString.copyFromUtf8(Buckets.SCHEDULED_COMPACT_REVISION),
                    Buckets.revision(view.compactRevision()));
        }
        if (view.finishedCompactRevision() > 0) {
            rows.put(ByteString.copyFromUtf8(Buckets.FINISHED_COMPACT_REVISION),
                    Buckets.revision(view.finishedCompactRevision()));
        }
        return rows;
    }

    private static ByteString id(long member) {
        return ByteString.copyFromUtf8(Long.toHexString(member));
    }

    private static NavigableMap<ByteString, ByteString> rows() {
        return new TreeMap<>(ByteString.unsignedLexicographicalComparator());
    }
}
