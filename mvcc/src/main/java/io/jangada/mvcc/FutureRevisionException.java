// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/** The revision asked for has not happened yet (etcd: ErrFutureRev). */
public final class FutureRevisionException extends MvccException {
    private static final long serialVersionUID = 1L;

    private final long revision;
    private final long currentRevision;

    /** {@code revision} was asked for at {@code currentRevision}. */
    public FutureRevisionException(long revision, long currentRevision) {
        super("mvcc: required revision is a future revision");
        this.revision = revision;
        this.currentRevision = currentRevision;
    }

    /** The revision that was asked for. */
    public long revision() {
        return revision;
    }

    /** The latest revision there is. */
    public long currentRevision() {
        return currentRevision;
    }
}
