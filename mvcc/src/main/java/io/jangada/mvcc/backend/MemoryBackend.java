// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A backend in memory, for tests, embedders without a disk, and the simulator.
 *
 * <p>Tables are immutable trees, so that a snapshot costs nothing and never blocks a write.
 * {@link #persist} marks a state; {@link #afterCrash} gives a backend as a crash would leave it.
 */
public final class MemoryBackend implements Backend {
    /** All tables at one instant. */
    private record State(List<OrderedMap> tables, long bytes) {
        static final State EMPTY = new State(
                Collections.nCopies(Table.ALL.size(), OrderedMap.EMPTY), 0);
    }

    /** Written by the writing thread after each batch; read by any thread. */
    private volatile State state;
    /** Written by the thread that persists; read by {@link #afterCrash}. */
    private volatile State durable;
    /** Written by the owner; read by any thread. */
    private volatile boolean closed;

    /** An empty backend. */
    public MemoryBackend() {
        this(State.EMPTY);
    }

    private MemoryBackend(State state) {
        this.state = state;
        this.durable = state;
    }

    /** A backend with the state of the last {@link #persist}, as a crash would leave it. */
    public MemoryBackend afterCrash() {
        return new MemoryBackend(durable);
    }

    @Override
    public BackendSnapshot snapshot() {
        checkOpen();
        return new MemorySnapshot(state.tables);
    }

    @Override
    public void write(Batch batch) {
        checkOpen();
        State before = state;
        List<OrderedMap> tables = new ArrayList<>(before.tables);
        for (Table table : Table.ALL) {
            tables.set(table.number(), applied(tables.get(table.number()), batch, table));
        }
        long bytes = 0;
        for (OrderedMap table : tables) {
            bytes += table.bytes();
        }
        state = new State(List.copyOf(tables), bytes);
    }

    private static OrderedMap applied(OrderedMap rows, Batch batch, Table table) {
        OrderedMap result = rows;
        for (Batch.Row row : batch.log(table)) {
            result = switch (row.change()) {
                case Change.Put put -> result.with(row.key(), put.value());
                case Change.Delete ignored -> result.without(row.key());
            };
        }
        return result;
    }

    @Override
    public void clear() {
        checkOpen();
        state = State.EMPTY;
    }

    @Override
    public void persist() {
        checkOpen();
        durable = state;
    }

    @Override
    public void defragment() {
        checkOpen(); // What is no more takes nothing.
    }

    @Override
    public void measure() {
        checkOpen(); // It always knows.
    }

    @Override
    public long sizeBytes() {
        return state.bytes;
    }

    @Override
    public long sizeInUseBytes() {
        return state.bytes;
    }

    @Override
    public void close() {
        closed = true;
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("backend is closed");
        }
    }

    private record MemorySnapshot(List<OrderedMap> tables) implements BackendSnapshot {
        @Override
        public Optional<ByteString> get(Table table, ByteString key) {
            return tables.get(table.number()).get(key);
        }

        @Override
        public Cursor cursor(Table table, ByteString from, ByteString to) {
            return tables.get(table.number()).cursor(from, to);
        }

        @Override
        public void close() {}
    }
}
