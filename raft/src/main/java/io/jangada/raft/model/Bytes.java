// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * An immutable sequence of bytes. Compares by content. Thread-safe: immutable.
 *
 * <p>{@link #wrap} takes an array over without a copy: whoever calls it gives the array away and
 * never writes to it again. Every other way in and out copies or is read-only.
 */
public final class Bytes {
    /** No bytes. */
    public static final Bytes EMPTY = new Bytes(new byte[0], 0, 0);

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class,
            ByteOrder.BIG_ENDIAN);

    private final byte[] array;
    private final int start;
    private final int size;

    private Bytes(byte[] array, int start, int size) {
        this.array = array;
        this.start = start;
        this.size = size;
    }

    /** A copy of {@code array}. */
    public static Bytes copyOf(byte[] array) {
        return wrap(array.clone());
    }

    /** A copy of what remains in {@code buffer}, whose position does not move. */
    public static Bytes copyOf(ByteBuffer buffer) {
        byte[] copy = new byte[buffer.remaining()];
        buffer.get(buffer.position(), copy);
        return wrap(copy);
    }

    /** The UTF-8 encoding of {@code text}. */
    public static Bytes utf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /** The array itself, not a copy: the caller gives it away. */
    public static Bytes wrap(byte[] array) {
        return array.length == 0 ? EMPTY : new Bytes(array, 0, array.length);
    }

    /** The number of bytes. */
    public int size() {
        return size;
    }

    /** Whether there are no bytes. */
    public boolean isEmpty() {
        return size == 0;
    }

    /**
     * The byte at {@code position}, counted from 0.
     *
     * @throws IndexOutOfBoundsException if {@code position} is not in [0, size)
     */
    public byte at(int position) {
        return array[start + Objects.checkIndex(position, size)];
    }

    /**
     * The eight bytes from {@code position} on as a big-endian number.
     *
     * @throws IndexOutOfBoundsException if they are not all there
     */
    public long longAt(int position) {
        Objects.checkFromIndexSize(position, Long.BYTES, size);
        return (long) LONGS.get(array, start + position);
    }

    /**
     * The bytes in [from, to), sharing storage with this.
     *
     * @throws IndexOutOfBoundsException if the range is not within [0, size]
     */
    public Bytes slice(int from, int to) {
        Objects.checkFromToIndex(from, to, size);
        return from == to ? EMPTY : new Bytes(array, start + from, to - from);
    }

    /** A copy of the bytes. */
    public byte[] toByteArray() {
        return Arrays.copyOfRange(array, start, start + size);
    }

    /** Copies all bytes into {@code target} from {@code at} on. */
    public void copyTo(byte[] target, int at) {
        System.arraycopy(array, start, target, at, size);
    }

    /** Puts all bytes into {@code target}, which moves on by {@link #size}. */
    public void copyTo(ByteBuffer target) {
        target.put(array, start, size);
    }

    /** A read-only view; its position is 0 and its limit {@link #size}. */
    public ByteBuffer asByteBuffer() {
        return ByteBuffer.wrap(array, start, size).slice().asReadOnlyBuffer();
    }

    /** The bytes read as UTF-8; malformed input becomes the replacement character. */
    public String toUtf8() {
        return new String(array, start, size, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes that
                && Arrays.equals(array, start, start + size, that.array, that.start,
                        that.start + that.size);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int i = start; i < start + size; i++) {
            hash = 31 * hash + array[i];
        }
        return hash;
    }

    /** The size only: contents may be secret and are never printed by accident. */
    @Override
    public String toString() {
        return "Bytes[" + size + "]";
    }
}
