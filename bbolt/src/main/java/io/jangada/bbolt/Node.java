// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.bbolt;

import java.nio.ByteBuffer;

/**
 * A branch or leaf, whose elements are looked at one by one, each length and position checked before it is
 * used. Owned by the reader.
 *
 * @param id the page, for messages; that of the leaf which it lies in, if it is a bucket inlined there
 * @param bytes from the page's header to its end, overflow included; little-endian
 */
record Node(long id, ByteBuffer bytes) {
    private static final int FLAGS_AT = 8;
    private static final int COUNT_AT = 10;

    /**
     * A page with its header, whose elements' headers lie within it.
     *
     * @throws BoltDamagedException if they do not, or if it is neither branch nor leaf
     */
    static Node of(long id, ByteBuffer bytes) throws BoltDamagedException {
        if (bytes.remaining() < Format.PAGE_HEADER_BYTES) {
            throw new BoltDamagedException(id, "a node of " + bytes.remaining()
                    + " bytes, at least " + Format.PAGE_HEADER_BYTES);
        }
        Node node = new Node(id, bytes);
        if (node.flags() != Format.BRANCH && node.flags() != Format.LEAF) {
            throw new BoltDamagedException(id, "flags 0x" + Integer.toHexString(node.flags())
                    + ", neither a branch nor a leaf");
        }
        if (elementAt(node.count()) > bytes.limit()) {
            throw new BoltDamagedException(id, node.count() + " elements in "
                    + bytes.remaining() + " bytes");
        }
        return node;
    }

    private int flags() {
        return Short.toUnsignedInt(bytes.getShort(FLAGS_AT));
    }

    boolean isLeaf() {
        return flags() == Format.LEAF;
    }

    int count() {
        return Short.toUnsignedInt(bytes.getShort(COUNT_AT));
    }

    private static int elementAt(int element) {
        return Format.PAGE_HEADER_BYTES + element * Format.ELEMENT_BYTES;
    }

    /** A branch's child. */
    long child(int element) {
        return bytes.getLong(elementAt(element) + 8);
    }

    /** Whether a leaf's element is a bucket. */
    boolean isBucket(int element) throws BoltDamagedException {
        int flags = bytes.getInt(elementAt(element));
        if (flags != 0 && flags != Format.BUCKET_ELEMENT) {
            throw new BoltDamagedException(id, "element " + element + " with flags 0x"
                    + Integer.toHexString(flags));
        }
        return flags == Format.BUCKET_ELEMENT;
    }

    /** A leaf's key. */
    ByteBuffer key(int element) throws BoltDamagedException {
        long keyBytes = unsigned(elementAt(element) + 8);
        if (keyBytes == 0 || keyBytes > Format.KEY_BYTES_MAX) {
            throw new BoltDamagedException(id, "element " + element + " with a key of " + keyBytes
                    + " bytes, not in [1, " + Format.KEY_BYTES_MAX + "]");
        }
        return slice(element, contentAt(element), keyBytes);
    }

    /** A leaf's value. */
    ByteBuffer value(int element) throws BoltDamagedException {
        long at = contentAt(element) + unsigned(elementAt(element) + 8);
        return slice(element, at, unsigned(elementAt(element) + 12));
    }

    private long contentAt(int element) {
        return elementAt(element) + unsigned(elementAt(element) + 4);
    }

    private ByteBuffer slice(int element, long at, long length) throws BoltDamagedException {
        if (at < elementAt(count()) || at + length > bytes.limit()) {
            throw new BoltDamagedException(id, "element " + element + " has [" + at + ", "
                    + (at + length) + "), not in [" + elementAt(count()) + ", " + bytes.limit()
                    + ")");
        }
        return bytes.slice((int) at, (int) length).asReadOnlyBuffer();
    }

    private long unsigned(int at) {
        return Integer.toUnsignedLong(bytes.getInt(at));
    }
}
