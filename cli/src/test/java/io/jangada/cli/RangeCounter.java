// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.api.mvcc.KeyValue;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/**
 * Reads the answer to a range as it comes and keeps none of it: how many key-values there are, and their checksum. One
 * thread's until it has ended.
 */
final class RangeCounter implements BareConnection.Answer {
    private static final int PREFIX_BYTES = 5;
    private static final int KEY_VALUES = 2;
    private static final int COUNT = 4;
    private static final int LENGTH_DELIMITED = 2;

    private final CompletableFuture<Counted> ended = new CompletableFuture<>();
    private final CRC32C sum = new CRC32C();
    private int prefixBytes;
    private long announcedBytes;
    private long bodyBytes;
    private long keyValues;
    private long count;
    /** The field that is being read; 0 while its tag is. */
    private int field;
    private boolean isLength;
    private long varint;
    private int varintBits;
    /** Left of a field of bytes. */
    private long left;

    /**
     * What came.
     *
     * @param status gRPC's number, or what became of the stream
     * @param isWhole whether there are as many bytes as announced
     * @param keyValues how many there are
     * @param count what the answer says of that
     * @param sum of the encoded key-values, in their order
     */
    record Counted(String status, String message, boolean isWhole, long keyValues, long count,
            long sum) {}

    /** Adds to {@code sum} what this adds for {@code kv}. */
    static void add(CRC32C sum, KeyValue kv) {
        sum.update(kv.toByteArray());
    }

    CompletableFuture<Counted> ended() {
        return ended;
    }

    @Override
    public void part(ByteBuf bytes) {
        while (bytes.isReadable()) {
            if (prefixBytes < PREFIX_BYTES) {
                int next = bytes.readUnsignedByte();
                announcedBytes = prefixBytes == 0 ? 0 : announcedBytes << 8 | next;
                prefixBytes++;
            } else if (left > 0) {
                skip(bytes);
            } else {
                bodyBytes++;
                varint(bytes.readByte());
            }
        }
    }

    private void skip(ByteBuf bytes) {
        int length = (int) Math.min(left, bytes.readableBytes());
        if (field == KEY_VALUES) {
            sum.update(bytes.nioBuffer(bytes.readerIndex(), length));
        }
        bytes.skipBytes(length);
        bodyBytes += length;
        left -= length;
        if (left == 0) {
            field = 0;
        }
    }

    private void varint(byte next) {
        varint |= (next & 0x7FL) << varintBits;
        varintBits += 7;
        if (next < 0) {
            return;
        }
        long value = varint;
        varint = 0;
        varintBits = 0;
        if (field == 0) {
            field = (int) (value >>> 3);
            isLength = (value & 7) == LENGTH_DELIMITED;
        } else if (isLength) {
            keyValues += field == KEY_VALUES ? 1 : 0;
            left = value;
            field = value == 0 ? 0 : field;
        } else {
            count = field == COUNT ? value : count;
            field = 0;
        }
    }

    @Override
    public void ended(String status, String message) {
        ended.complete(new Counted(status, message,
                prefixBytes == PREFIX_BYTES && bodyBytes == announcedBytes && left == 0, keyValues,
                count, sum.getValue()));
    }
}
