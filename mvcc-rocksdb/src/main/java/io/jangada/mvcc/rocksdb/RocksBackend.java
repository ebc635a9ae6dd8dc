// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendException;
import io.jangada.mvcc.backend.BackendSnapshot;
import io.jangada.mvcc.backend.Batch;
import io.jangada.mvcc.backend.CorruptBackendException;
import io.jangada.mvcc.backend.Table;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.rocksdb.AbstractNativeReference;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * A backend on RocksDB, one column family per table.
 *
 * <p>RocksDB's own write-ahead log is off: the member's log comes before this store. All families are
 * flushed together (atomic_flush), so that after a crash the tables are as some batch left them, with
 * the applied index that the owner put into it. Checksums are verified on every read. Where the disk has no room,
 * whoever writes or persists waits until it has, or the backend is closed; reads go on.
 *
 * <p>Threads: see {@link Backend}. Native memory is freed when the backend is closed and its last
 * snapshot too.
 */
public final class RocksBackend implements Backend {
    private static final double BLOOM_BITS_PER_KEY = 10;
    private static final long MANIFEST_BYTES_MAX = 16L << 20;
    private static final int INFO_LOGS_KEPT = 2;
    private static final long ROOM_RETRY_MILLIS = 500;
    /** Files of a table in its first level before they are merged: more are cheaper to write. */
    private static final int FILES_BEFORE_MERGE = 8;

    /** A flush may take so many times the memory that it empties, with what is merged after it. */
    private static final int SHORT_FACTOR = 2;

    private final RocksDB database;
    private final RocksFailures failures;
    private final DiskRoom room;
    private final List<ColumnFamilyHandle> families;
    private final int[] familyIds;
    private final List<AbstractNativeReference> resources;
    private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
    private final WriteOptions notHeldUp = new WriteOptions().setDisableWAL(true)
            .setNoSlowdown(true);
    private final CompactRangeOptions merging = new CompactRangeOptions()
            .setExclusiveManualCompaction(false)
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized);
    private final AtomicInteger references = new AtomicInteger(1);
    private final long sizeStepBytes;
    /** Written since all was last flushed. Memory that is reserved for more would look like rows. */
    private final AtomicLong unflushedBytes = new AtomicLong();
    /** Since the sizes were read. Written by the writer. */
    private long writtenBytes;
    /** Both written by whoever measures; read by any thread. */
    private volatile long sizeBytes;
    private volatile long sizeInUseBytes;
    /** Written by the owner; read by any thread. */
    private volatile boolean closed;

    private RocksBackend(RocksDB database, List<ColumnFamilyHandle> families,
            List<AbstractNativeReference> resources, RocksFailures failures,
            DiskRoom room, long sizeStepBytes) {
        this.room = room;
        this.database = database;
        this.sizeStepBytes = sizeStepBytes;
        this.failures = failures;
        this.families = List.copyOf(families);
        this.familyIds = families.stream().mapToInt(ColumnFamilyHandle::getID).toArray();
        this.resources = resources;
        refreshSizes();
    }

    /**
     * Opens the database in {@code directory}, which is made if its parent exists.
     *
     * @throws CorruptBackendException if it is not what was written
     * @throws BackendException if it is held by another process, or unreadable
     */
    public static RocksBackend open(Path directory, RocksLimits limits) {
        return open(directory, limits, ignored -> {});
    }

    /**
     * As {@link #open(Path, RocksLimits)}.
     *
     * @param corrupt told of each read or write that finds that files are not what was written, before the
     *     exception is thrown, by the thread that reads or writes; what only RocksDB's own threads find, the
     *     next write fails with
     */
    public static RocksBackend open(Path directory, RocksLimits limits,
            Consumer<CorruptBackendException> corrupt) {
        return open(directory, limits, corrupt, ignored -> {});
    }

    /**
     * As {@link #open(Path, RocksLimits, Consumer)}.
     *
     * @param room told whether writers wait for room on the disk
     */
    public static RocksBackend open(Path directory, RocksLimits limits,
            Consumer<CorruptBackendException> corrupt, RoomListener room) {
        NativeLibrary.load();
        Cache cache = new LRUCache(limits.blockCacheBytes());
        BloomFilter filter = new BloomFilter(BLOOM_BITS_PER_KEY);
        DBOptions options = options(limits);
        List<ColumnFamilyDescriptor> descriptors = descriptors(cache, filter, limits);
        // Freed in this order, after the database.
        List<AbstractNativeReference> resources = new ArrayList<>();
        resources.add(options);
        descriptors.forEach(descriptor -> resources.add(descriptor.getOptions()));
        resources.add(filter);
        resources.add(cache);
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try {
            RocksDB database = RocksDB.open(options, directory.toString(),
                    descriptors, handles);
            // RocksDB insists on a family named "default", the first; it stays empty.
            resources.addFirst(handles.getFirst());
            return new RocksBackend(database, handles.subList(1, handles.size()),
                    List.copyOf(resources), new RocksFailures(corrupt),
                    new DiskRoom(room, ROOM_RETRY_MILLIS, () -> directory.toFile()
                            .getUsableSpace() < SHORT_FACTOR * limits.writeBuffersBytes()),
                    limits.sizeStepBytes());
        } catch (RocksDBException failed) {
            resources.forEach(AbstractNativeReference::close);
            throw RocksFailures.opening(directory.toString(), failed);
        }
    }

    private static List<ColumnFamilyDescriptor> descriptors(Cache cache, BloomFilter filter,
            RocksLimits limits) {
        List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
        descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY,
                tableOptions(Table.META, cache, filter, limits)));
        for (Table table : Table.ALL) {
            String name = table.name().toLowerCase(Locale.ROOT);
            descriptors.add(new ColumnFamilyDescriptor(name.getBytes(StandardCharsets.US_ASCII),
                    tableOptions(table, cache, filter, limits)));
        }
        return descriptors;
    }

    private static DBOptions options(RocksLimits limits) {
        return new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true)
                .setAtomicFlush(true)
                .setParanoidChecks(true)
                .setDbWriteBufferSize(limits.writeBuffersBytes())
                .setMaxBackgroundJobs(limits.backgroundThreads())
                .setMaxOpenFiles(limits.openFilesMax())
                .setMaxManifestFileSize(MANIFEST_BYTES_MAX)
                .setSkipStatsUpdateOnDbOpen(true)
                .setAvoidUnnecessaryBlockingIO(true)
                .setStatsDumpPeriodSec(0)
                .setStatsPersistPeriodSec(0)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setKeepLogFileNum(INFO_LOGS_KEPT);
    }

    /**
     * How rows of {@code table} are kept, by how they come and go:
     * <ul>
     * <li>CURRENT, and the small tables: rows are overwritten, so files merge down level by level; what
     * lies in the first level merges soon and is not worth compressing. Rows are asked for one by one:
     * a filter tells which files lack one.
     * <li>HISTORY: rows only rise, so files do not overlap and move down as they are; all are compressed
     * alike, or they could not. Rows asked for are there: no filter.
     * <li>INDEX: few and small rows, never overwritten. Read in order: no filter.
     * </ul>
     */
    private static ColumnFamilyOptions tableOptions(Table table, Cache cache, BloomFilter filter,
            RocksLimits limits) {
        BlockBasedTableConfig blocks = new BlockBasedTableConfig().setBlockCache(cache)
                .setCacheIndexAndFilterBlocks(true)
                .setPinL0FilterAndIndexBlocksInCache(true);
        ColumnFamilyOptions options = new ColumnFamilyOptions()
                .setWriteBufferSize(limits.writeBuffersBytes() / 2);
        switch (table) {
            case HISTORY -> options.setLevelCompactionDynamicLevelBytes(true)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION);
            case INDEX -> options.setLevelCompactionDynamicLevelBytes(true)
                    .setLevel0FileNumCompactionTrigger(FILES_BEFORE_MERGE)
                    .setCompressionType(CompressionType.LZ4_COMPRESSION);
            case CURRENT, LEASE, LEASE_KEYS, META -> {
                blocks.setFilterPolicy(filter);
                options.setLevelCompactionDynamicLevelBytes(true)
                        .setLevel0FileNumCompactionTrigger(FILES_BEFORE_MERGE)
                        .setCompressionPerLevel(List.of(CompressionType.NO_COMPRESSION,
                                CompressionType.LZ4_COMPRESSION));
            }
        }
        return options.setTableFormatConfig(blocks);
    }

    /** The failure of {@code action}, to be thrown. */
    BackendException failure(String action, RocksDBException failed) {
        return failures.failure(action, failed);
    }

    ColumnFamilyHandle family(Table table) {
        return families.get(table.number());
    }

    @Override
    public BackendSnapshot snapshot() {
        acquire();
        return new RocksSnapshot(this, database);
    }

    @Override
    public void write(Batch batch) {
        acquire(); // Whoever closes need not wait for the writer.
        try {
            writeHeld(batch);
        } finally {
            release();
        }
    }

    private void writeHeld(Batch batch) {
        try (WriteBatch encoded = new WriteBatch(BatchEncoding.of(batch, familyIds))) {
            room.await(mayBeHeldUp -> database.write(mayBeHeldUp ? writeOptions : notHeldUp,
                    encoded));
        } catch (RocksDBException failed) {
            throw failure("write of " + batch.bytes() + " bytes", failed);
        }
        writtenBytes += batch.bytes();
        unflushedBytes.addAndGet(batch.bytes());
        if (writtenBytes >= sizeStepBytes) {
            writtenBytes = 0;
            refreshSizes();
        }
    }

    @Override
    public void clear() {
        acquire();
        try (WriteBatch batch = new WriteBatch()) {
            for (ColumnFamilyHandle family : families) {
                deleteAll(family, batch);
            }
            room.await(mayBeHeldUp -> database.write(mayBeHeldUp ? writeOptions : notHeldUp,
                    batch));
            refreshSizes();
        } catch (RocksDBException failed) {
            throw failure("clear", failed);
        } finally {
            release();
        }
    }

    private void deleteAll(ColumnFamilyHandle family, WriteBatch batch) throws RocksDBException {
        try (RocksIterator rows = database.newIterator(family)) {
            rows.seekToLast();
            rows.status();
            if (rows.isValid()) {
                byte[] last = rows.key();
                batch.deleteRange(family, new byte[0], Arrays.copyOf(last, last.length + 1));
            }
        }
    }

    @Override
    public void persist() {
        acquire();
        long flushingBytes = unflushedBytes.get();
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            room.await(ignored -> database.flush(wait, families));
            unflushedBytes.addAndGet(-flushingBytes);
            refreshSizes();
        } catch (RocksDBException failed) {
            throw failure("flush", failed);
        } finally {
            release();
        }
    }

    @Override
    public void defragment() {
        persist(); // What is in memory alone is not merged.
        acquire();
        try {
            for (ColumnFamilyHandle family : families) {
                database.compactRange(family, null, null, merging);
            }
            refreshSizes();
        } catch (RocksDBException failed) {
            if (!closed) { // Whoever closes cuts it short.
                throw failure("defragment", failed);
            }
        } finally {
            release();
        }
    }

    @Override
    public void measure() {
        acquire();
        try {
            refreshSizes();
        } finally {
            release();
        }
    }

    @Override
    public long sizeBytes() {
        return sizeBytes;
    }

    @Override
    public long sizeInUseBytes() {
        return sizeInUseBytes;
    }

    private void refreshSizes() {
        try {
            long files = 0;
            long live = 0;
            long reserved = 0;
            for (ColumnFamilyHandle family : families) {
                files += database.getLongProperty(family, "rocksdb.total-sst-files-size");
                live += database.getLongProperty(family, "rocksdb.estimate-live-data-size");
                reserved += database.getLongProperty(family, "rocksdb.cur-size-all-mem-tables");
            }
            long buffers = Math.min(reserved, unflushedBytes.get());
            sizeBytes = files + buffers;
            sizeInUseBytes = live + buffers;
        } catch (RocksDBException failed) {
            throw failure("sizes", failed);
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            merging.setCanceled(true);
            room.close();
            release();
        }
    }

    /** Keeps the database open until {@link #release}. */
    private void acquire() {
        checkOpen();
        int held = references.get();
        while (held > 0 && !references.compareAndSet(held, held + 1)) {
            held = references.get();
        }
        if (held == 0) {
            throw new IllegalStateException("backend is closed");
        }
    }

    void release() {
        if (references.decrementAndGet() == 0) {
            families.forEach(ColumnFamilyHandle::close);
            resources.getFirst().close();
            database.close();
            writeOptions.close();
            notHeldUp.close();
            merging.close();
            resources.subList(1, resources.size()).forEach(AbstractNativeReference::close);
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("backend is closed");
        }
    }
}
