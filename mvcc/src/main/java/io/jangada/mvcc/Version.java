// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;

/**
 * What a row of HISTORY or CURRENT holds: what a change left, and the change's link. Immutable.
 *
 * <p>It is written as a header of varints: number of changes, main, sub and type, distance to the
 * previous main plus one (0: there is no previous), previous sub and type (only if there is one); type is the
 * lowest bit, set for a tombstone. The key-value follows, up to the end: of a put the whole, of a
 * deletion the key alone, as in etcd.
 *
 * @param link the change and the one before it
 * @param content the key-value's encoding
 */
record Version(Link link, ByteString content) {
    /** The longest header: five varints. */
    static final int LINK_BYTES_MAX = 50;

    /** The row of a put of {@code keyValue} or, if {@code link} is a deletion, of its key. */
    static ByteString encode(Link link, KeyValue keyValue) {
        KeyValue stored = link.id().isPut() ? keyValue : KeyValue.deleted(keyValue.key(), 0);
        byte[] row = new byte[linkBytes(link) + stored.encodedBytes()];
        CodedOutputStream out = CodedOutputStream.newInstance(row);
        try {
            writeLink(link, out);
            stored.writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new IllegalStateException("encoding into an array of the right size", impossible);
        }
        return UnsafeByteOperations.unsafeWrap(row);
    }

    private static int linkBytes(Link link) {
        int bytes = CodedOutputStream.computeUInt64SizeNoTag(link.changes())
                + CodedOutputStream.computeUInt64SizeNoTag(link.id().main())
                + CodedOutputStream.computeUInt64SizeNoTag(subAndType(link.id()))
                + CodedOutputStream.computeUInt64SizeNoTag(stepsBack(link));
        return link.previous().isNone()
                ? bytes
                : bytes + CodedOutputStream.computeUInt64SizeNoTag(subAndType(link.previous()));
    }

    private static void writeLink(Link link, CodedOutputStream out) throws IOException {
        out.writeUInt64NoTag(link.changes());
        out.writeUInt64NoTag(link.id().main());
        out.writeUInt64NoTag(subAndType(link.id()));
        out.writeUInt64NoTag(stepsBack(link));
        if (!link.previous().isNone()) {
            out.writeUInt64NoTag(subAndType(link.previous()));
        }
    }

    /** 0 for no previous; else one more than the distance, as both may be of one transaction. */
    private static long stepsBack(Link link) {
        ChangeId previous = link.previous();
        return previous.isNone() ? 0 : link.id().main() - previous.main() + 1;
    }

    private static long subAndType(ChangeId id) {
        return id.sub() << 1 | (id.isPut() ? 0 : 1);
    }

    /**
     * Reads what {@link #encode} wrote; the result shares the bytes.
     *
     * @throws CorruptStoreException if {@code row} has no sound header; the key-value is checked by
     *     {@link #keyValue}
     */
    static Version decode(ByteString row) {
        CodedInputStream in = row.newCodedInput();
        try {
            Link link = readLink(in);
            return new Version(link, row.substring(in.getTotalBytesRead()));
        } catch (IOException | IllegalArgumentException malformed) {
            throw new CorruptStoreException("version of " + row.size() + " bytes", malformed);
        }
    }

    /**
     * The link of a row that begins with {@code head}, which has {@link #LINK_BYTES_MAX} bytes, or all of the row.
     *
     * @throws CorruptStoreException if there is no sound header
     */
    static Link link(ByteString head) {
        try {
            return readLink(head.newCodedInput());
        } catch (IOException | IllegalArgumentException malformed) {
            throw new CorruptStoreException("version of " + head.size() + " bytes or more",
                    malformed);
        }
    }

    private static Link readLink(CodedInputStream in) throws IOException {
        long changes = in.readRawVarint64();
        long main = in.readRawVarint64();
        ChangeId id = change(main, in.readRawVarint64());
        long back = in.readRawVarint64();
        if (back < 0 || back > main) {
            throw new IllegalArgumentException(back + " steps back from " + main);
        }
        ChangeId previous = back == 0
                ? ChangeId.NONE
                : change(main - back + 1, in.readRawVarint64());
        return new Link(id, changes, previous);
    }

    private static ChangeId change(long main, long subAndType) {
        return new ChangeId(main, subAndType >>> 1,
                (subAndType & 1) == 0 ? EventType.PUT : EventType.DELETE);
    }

    boolean isPut() {
        return link.id().isPut();
    }

    /**
     * The key-value put, or the key and revision of the deletion.
     *
     * @throws CorruptStoreException if it does not belong to the header
     */
    KeyValue keyValue() {
        KeyValue stored = KeyValue.decode(content);
        if (stored.key().isEmpty() || !(isPut() ? isOfPut(stored) : isOfDeletion(stored))) {
            throw new CorruptStoreException(
                    link.id() + " holds what changed at " + stored.modRevision());
        }
        return isPut() ? stored : KeyValue.deleted(stored.key(), link.id().main());
    }

    private boolean isOfPut(KeyValue stored) {
        return stored.modRevision() == link.id().main() && stored.version() >= 1
                && stored.createRevision() >= 1 && stored.createRevision() <= stored.modRevision();
    }

    private static boolean isOfDeletion(KeyValue stored) {
        return stored.modRevision() == 0 && stored.version() == 0;
    }
}
