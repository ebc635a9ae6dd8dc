// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.bbolt.BoltVisitor;
import io.jangada.mvcc.HistoryImport;
import io.jangada.mvcc.Lease;
import io.jangada.server.apply.Members;
import io.jangada.server.auth.AuthImport;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Puts the rows of a snapshot into a store. Who was in the cluster is left out, and so is a bucket that is
 * none of etcd's, if it is empty; one with rows is refused, since it would be lost in silence.
 */
final class SnapshotImport implements BoltVisitor {
    private static final ByteString ENABLED = ByteString.copyFrom(new byte[]{1});

    private final HistoryImport into;
    private final AuthImport auth;
    private String current = "";
    private long compactRevision = -1;
    private long finishedCompactRevision = -1;

    SnapshotImport(HistoryImport into) {
        this.into = into;
        this.auth = new AuthImport(into);
    }

    @Override
    public void bucket(String name) {
        current = name;
    }

    @Override
    public void row(ByteBuffer rowKey, ByteBuffer rowValue) throws IOException {
        ByteString key = ByteString.copyFrom(rowKey);
        ByteString value = ByteString.copyFrom(rowValue);
        switch (current) {
            case Buckets.KEY -> into.change(key, value);
            case Buckets.LEASE -> into.lease(lease(key, value));
            case Buckets.ALARM -> Members.raise(into, alarm(key));
            case Buckets.META -> meta(key.toStringUtf8(), value);
            case Buckets.AUTH -> auth(key.toStringUtf8(), value);
            case Buckets.AUTH_ROLES -> auth.role(key, value);
            case Buckets.AUTH_USERS -> auth.user(key, value);
            default -> {
                if (!Buckets.OF_THE_OLD_CLUSTER.contains(current)) {
                    throw new SnapshotRefusedException(
                            "the snapshot has rows in a bucket " + current + " that is not etcd's");
                }
            }
        }
    }

    private static Lease lease(ByteString key, ByteString value)
            throws SnapshotRefusedException {
        try {
            var lease = io.jangada.api.lease.Lease.parseFrom(value);
            if (lease.getID() == 0 || !Buckets.number(lease.getID()).equals(key)) {
                throw new SnapshotRefusedException("the snapshot has a lease "
                        + Long.toHexString(lease.getID()) + " in the place of another");
            }
            return new Lease(lease.getID(), lease.getTTL(), lease.getRemainingTTL());
        } catch (InvalidProtocolBufferException malformed) {
            throw new SnapshotRefusedException("the snapshot has a malformed lease", malformed);
        }
    }

    private static AlarmMember alarm(ByteString key) throws SnapshotRefusedException {
        try {
            return AlarmMember.parseFrom(key);
        } catch (InvalidProtocolBufferException malformed) {
            throw new SnapshotRefusedException("the snapshot has a malformed alarm", malformed);
        }
    }

    private void auth(String name, ByteString value) throws SnapshotRefusedException {
        if (name.equals(Buckets.AUTH_ENABLED)) {
            auth.enabled(value.equals(ENABLED));
        } else if (name.equals(Buckets.AUTH_REVISION)) {
            if (value.size() != Long.BYTES) {
                throw new SnapshotRefusedException(
                        "the snapshot has a revision of users of " + value.size() + " bytes");
            }
            auth.revision(value.asReadOnlyByteBuffer().getLong());
        }
    }

    private void meta(String name, ByteString value) throws SnapshotRefusedException {
        if (name.equals(Buckets.SCHEDULED_COMPACT_REVISION)) {
            compactRevision = revision(value);
        } else if (name.equals(Buckets.FINISHED_COMPACT_REVISION)) {
            finishedCompactRevision = revision(value);
        }
    }

    private static long revision(ByteString value) throws SnapshotRefusedException {
        long main = value.size() < Long.BYTES ? -1 : value.asReadOnlyByteBuffer().getLong();
        if (main < 0) {
            throw new SnapshotRefusedException(
                    "the snapshot has a compact revision of " + value.size() + " bytes: " + main);
        }
        return main;
    }

    /** The compact revision may be after the last change, if that was a deletion that is compacted away. */
    void finish(RevisionBump bump) {
        long compacted = Math.max(compactRevision, finishedCompactRevision);
        long revision = Math.max(Math.max(1, into.lastRevision()), compacted)
                + bump.revisions();
        auth.finish();
        into.finish(revision, bump.markCompacted() ? revision : compacted,
                finishedCompactRevision);
    }
}
