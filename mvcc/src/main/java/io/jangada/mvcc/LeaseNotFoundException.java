// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/** No lease has the id (etcd: ErrLeaseNotFound). */
public final class LeaseNotFoundException extends MvccException {
    private static final long serialVersionUID = 1L;

    private final long leaseId;

    /** No lease has {@code leaseId}. */
    public LeaseNotFoundException(long leaseId) {
        super("lease not found");
        this.leaseId = leaseId;
    }

    /** The id that was asked for. */
    public long leaseId() {
        return leaseId;
    }
}
