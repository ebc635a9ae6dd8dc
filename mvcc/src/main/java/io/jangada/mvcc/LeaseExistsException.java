// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/** A lease with the id exists already (etcd: ErrLeaseExists). */
public final class LeaseExistsException extends MvccException {
    private static final long serialVersionUID = 1L;

    private final long leaseId;

    /** {@code leaseId} is taken. */
    public LeaseExistsException(long leaseId) {
        super("lease already exists");
        this.leaseId = leaseId;
    }

    /** The id that was asked for. */
    public long leaseId() {
        return leaseId;
    }
}
