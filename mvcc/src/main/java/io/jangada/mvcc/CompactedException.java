// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/** The revision asked for is compacted away (etcd: ErrCompacted). */
public final class CompactedException extends MvccException {
    private static final long serialVersionUID = 1L;

    private final long revision;
    private final long compactRevision;

    /** {@code revision} was asked for; what {@code compactRevision} left is all there is. */
    public CompactedException(long revision, long compactRevision) {
        super("mvcc: required revision has been compacted");
        this.revision = revision;
        this.compactRevision = compactRevision;
    }

    /** The revision that was asked for. */
    public long revision() {
        return revision;
    }

    /** The revision up to which history is compacted. */
    public long compactRevision() {
        return compactRevision;
    }
}
