// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import com.google.protobuf.ByteString;
import java.nio.ByteBuffer;
import java.util.Set;

/** The names in etcd's database (etcd: server/storage/schema), and how it writes numbers. */
final class Buckets {
    static final String ALARM = "alarm";
    static final String AUTH = "auth";
    static final String AUTH_ROLES = "authRoles";
    static final String AUTH_USERS = "authUsers";
    static final String CLUSTER = "cluster";
    static final String KEY = "key";
    static final String LEASE = "lease";
    static final String MEMBERS = "members";
    static final String MEMBERS_REMOVED = "members_removed";
    static final String META = "meta";

    /** What says who is in the cluster: of no worth to one that is made anew. */
    static final Set<String> OF_THE_OLD_CLUSTER = Set.of(CLUSTER, MEMBERS, MEMBERS_REMOVED);

    static final String AUTH_ENABLED = "authEnabled";
    static final String AUTH_REVISION = "authRevision";

    static final String CONF_STATE = "confState";
    static final String CONSISTENT_INDEX = "consistent_index";
    static final String FINISHED_COMPACT_REVISION = "finishedCompactRev";
    static final String SCHEDULED_COMPACT_REVISION = "scheduledCompactRev";
    static final String TERM = "term";

    private static final int REVISION_BYTES = 17;

    private Buckets() {}

    static ByteString number(long number) {
        return ByteString.copyFrom(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    }

    /** A revision without a number within it. */
    static ByteString revision(long main) {
        return ByteString.copyFrom(ByteBuffer.allocate(REVISION_BYTES).putLong(main)
                .put((byte) '_').putLong(0).flip());
    }

    /** By which a revision is skipped: a tombstone of no key, which etcd's index passes over. */
    static ByteString skipped(long main) {
        return revision(main).concat(ByteString.copyFromUtf8("t"));
    }
}
