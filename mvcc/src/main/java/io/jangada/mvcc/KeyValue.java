// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;

/**
 * A key with its value and history in numbers. Immutable.
 *
 * <p>A deletion is described by the key and the revision of the deletion alone. The encoding is
 * etcd's {@code mvccpb.KeyValue}, byte for byte, because hashes of a store are taken over it.
 *
 * @param key the key, never empty
 * @param createRevision the revision at which the key came into being
 * @param modRevision the revision of the last change
 * @param version 1 at creation and one more with each put
 * @param value the value
 * @param lease the id of the lease that it is attached to, 0 for none
 */
public record KeyValue(ByteString key, long createRevision, long modRevision, long version,
        ByteString value, long lease) {

    private static final int KEY = 1;
    private static final int CREATE_REVISION = 2;
    private static final int MOD_REVISION = 3;
    private static final int VERSION = 4;
    private static final int VALUE = 5;
    private static final int LEASE = 6;

    /** What a deletion of {@code key} at {@code revision} leaves to say. */
    public static KeyValue deleted(ByteString key, long revision) {
        return new KeyValue(key, 0, revision, 0, ByteString.EMPTY, 0);
    }

    /** This without value and lease, as etcd's index alone knows it. */
    public KeyValue keyOnly() {
        return new KeyValue(key, createRevision, modRevision, version, ByteString.EMPTY, 0);
    }

    /** The {@code mvccpb.KeyValue} encoding; fields of value zero are left out. */
    public ByteString encode() {
        byte[] bytes = new byte[encodedBytes()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            writeTo(out);
            out.checkNoSpaceLeft();
        } catch (IOException impossible) {
            throw new IllegalStateException("encoding into an array of the right size", impossible);
        }
        return UnsafeByteOperations.unsafeWrap(bytes);
    }

    /** Writes the {@link #encode encoding}, {@link #encodedBytes} long. */
    public void writeTo(CodedOutputStream out) throws IOException {
        writeBytes(out, KEY, key);
        writeNumber(out, CREATE_REVISION, createRevision);
        writeNumber(out, MOD_REVISION, modRevision);
        writeNumber(out, VERSION, version);
        writeBytes(out, VALUE, value);
        writeNumber(out, LEASE, lease);
    }

    /** How long the {@link #encode encoding} is. */
    public int encodedBytes() {
        return bytesSize(KEY, key) + numberSize(CREATE_REVISION, createRevision)
                + numberSize(MOD_REVISION, modRevision) + numberSize(VERSION, version)
                + bytesSize(VALUE, value) + numberSize(LEASE, lease);
    }

    /**
     * Reads what {@link #encode} wrote; the result may share the bytes.
     *
     * @throws CorruptStoreException if {@code bytes} is no such encoding
     */
    public static KeyValue decode(ByteString bytes) {
        CodedInputStream in = bytes.newCodedInput();
        in.enableAliasing(true);
        ByteString key = ByteString.EMPTY;
        ByteString value = ByteString.EMPTY;
        long[] numbers = new long[LEASE + 1];
        try {
            for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                int field = tag >>> 3;
                switch (field) {
                    case KEY -> key = in.readBytes();
                    case VALUE -> value = in.readBytes();
                    case CREATE_REVISION, MOD_REVISION, VERSION, LEASE ->
                        numbers[field] = in.readInt64();
                    default -> in.skipField(tag);
                }
            }
        } catch (IOException malformed) {
            throw new CorruptStoreException("key-value of " + bytes.size() + " bytes", malformed);
        }
        return new KeyValue(key, numbers[CREATE_REVISION], numbers[MOD_REVISION],
                numbers[VERSION], value, numbers[LEASE]);
    }

    private static int bytesSize(int field, ByteString bytes) {
        return bytes.isEmpty() ? 0 : CodedOutputStream.computeBytesSize(field, bytes);
    }

    private static int numberSize(int field, long number) {
        return number == 0 ? 0 : CodedOutputStream.computeInt64Size(field, number);
    }

    private static void writeBytes(CodedOutputStream out, int field, ByteString bytes)
            throws IOException {
        if (!bytes.isEmpty()) {
            out.writeBytes(field, bytes);
        }
    }

    private static void writeNumber(CodedOutputStream out, int field, long number)
            throws IOException {
        if (number != 0) {
            out.writeInt64(field, number);
        }
    }
}
