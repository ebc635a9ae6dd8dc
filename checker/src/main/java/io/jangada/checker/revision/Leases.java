// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.history.History;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What operations say of leases. A lease that was granted more than once is not judged. Immutable once
 * made.
 */
final class Leases {
    private static final long NANOS_A_SECOND = 1_000_000_000;

    private final Map<Long, Life> lives = new HashMap<>();

    /** One lease. */
    private static final class Life {
        private int grants;
        private boolean isOfBefore;
        /** It is there after this revision; 0 if that is not known. */
        private long grantRevision;
        private long grantCallNanos = Long.MAX_VALUE;
        /** It does not end by itself before this. */
        private long deadlineNanos = Long.MIN_VALUE;
        /** It is not there after this revision. */
        private long revokeRevision = Long.MAX_VALUE;
    }

    Leases(History history) {
        for (KeyValue kv : history.initial().kvs()) {
            life(kv.lease()).isOfBefore = true;
        }
        for (Operation operation : history.operations()) {
            if (!(operation.response() instanceof Response.Refused)) {
                note(operation);
            }
        }
    }

    private void note(Operation operation) {
        switch (operation.request()) {
            case Request.LeaseGrant grant -> {
                long number = operation.response() instanceof Response.LeaseGrant told
                        ? told.lease()
                        : grant.lease();
                Life life = life(number);
                life.grants++;
                life.grantCallNanos = operation.callNanos();
                if (operation.response() instanceof Response.LeaseGrant told) {
                    life.grantRevision = told.revision();
                    extend(life, operation, told.ttlSeconds());
                }
            }
            case Request.LeaseKeepAlive keepAlive -> {
                if (operation.response() instanceof Response.LeaseKeepAlive told
                        && told.ttlSeconds() > 0) {
                    extend(life(keepAlive.lease()), operation, told.ttlSeconds());
                }
            }
            case Request.LeaseRevoke revoke -> {
                if (operation.response() instanceof Response.LeaseRevoke told) {
                    life(revoke.lease()).revokeRevision = told.revision();
                }
            }
            case Request.Put ignored -> {
            }
            case Request.Range ignored -> {
            }
            case Request.DeleteRange ignored -> {
            }
            case Request.Txn ignored -> {
            }
            case Request.Compact ignored -> {
            }
        }
    }

    private static void extend(Life life, Operation operation, long ttlSeconds) {
        life.deadlineNanos = Math.max(life.deadlineNanos,
                operation.callNanos() + ttlSeconds * NANOS_A_SECOND);
    }

    private Life life(long lease) {
        return lives.computeIfAbsent(lease, ignored -> new Life());
    }

    /** Why no key can be attached to {@code lease} at {@code revision}, which was there by {@code knownByNanos}; or null. */
    @Nullable
    String objection(long lease, long revision, long knownByNanos) {
        Life life = lives.get(lease);
        if (life == null || (life.grants == 0 && !life.isOfBefore)) {
            return "lease " + lease + ", which nobody granted";
        }
        if (life.grants > 1 || life.isOfBefore) {
            return null;
        }
        if (revision <= life.grantRevision || life.grantCallNanos > knownByNanos) {
            return "lease " + lease + ", which was granted later, at " + life.grantRevision;
        }
        return revision > life.revokeRevision
                ? "lease " + lease + ", which was revoked at " + life.revokeRevision
                : null;
    }

    /** Whether {@code lease} may have ended by itself by {@code nanos}. */
    boolean mayHaveExpired(long lease, long nanos) {
        Life life = lives.get(lease);
        return life == null || life.grants > 1 || life.deadlineNanos <= nanos;
    }
}
