// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

/**
 * A version of a key, as etcd tells it. Immutable.
 *
 * @param key the key
 * @param value its value
 * @param createRevision the revision that created the key; 0 in a deletion
 * @param modRevision the revision of this version; 0 only in {@link #NONE}
 * @param version 1 from creation on; 0 in a deletion
 * @param lease the lease it is attached to; 0 for none
 */
public record KeyValue(Bytes key, Bytes value, long createRevision, long modRevision, long version,
        long lease) {

    /** No version: the key is not there, or was not told. */
    public static final KeyValue NONE = new KeyValue(Bytes.EMPTY, Bytes.EMPTY, 0, 0, 0, 0);

    /** What is left of {@code key} after its deletion at {@code revision}. */
    public static KeyValue deleted(Bytes key, long revision) {
        return new KeyValue(key, Bytes.EMPTY, 0, revision, 0, 0);
    }

    /** Whether it is a version at all. */
    public boolean isPresent() {
        return modRevision != 0;
    }

    /** As {@code key=value}, with revisions and version. */
    @Override
    public String toString() {
        if (!isPresent()) {
            return "nothing";
        }
        if (version == 0) {
            return key + " deleted at " + modRevision;
        }
        return key + "=" + value + " (create " + createRevision + ", mod " + modRevision
                + ", version "
                + version + (lease == 0 ? ")" : ", lease " + lease + ")");
    }
}
