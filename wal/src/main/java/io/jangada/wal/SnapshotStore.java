// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.DiskFile;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A directory of snapshot files, each named {@code <group>-<term>-<index>.snap} in hexadecimal. A file
 * gets its name only when it is whole and durable; the newest that verifies counts; one that does not is
 * set aside as {@code .broken} and reported. The directory's lock is the log's affair.
 *
 * <p>Thread-safe: keeps no state but the directory; each writer and receiver belongs to one thread.
 */
public final class SnapshotStore {
    private static final Logger LOGGER = System.getLogger(SnapshotStore.class.getName());
    private static final String SUFFIX = ".snap";
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final String BROKEN_SUFFIX = ".broken";
    private static final int NAME_CHARS = 3 * 16 + 2 + SUFFIX.length();

    private final Disk disk;
    private final Path directory;
    private final WalIdentity identity;
    private final int retainCount;
    private final AtomicLong temporaries = new AtomicLong();
    /** How often each is held. */
    private final Map<Path, Integer> holds = new ConcurrentHashMap<>();

    private SnapshotStore(Disk disk, Path directory, WalIdentity identity, int retainCount) {
        this.disk = disk;
        this.directory = directory;
        this.identity = identity;
        this.retainCount = retainCount;
    }

    /**
     * Opens the store in {@code directory}, which is created if need be, and deletes what was left half
     * written.
     *
     * @param retainCount how many files of a group are kept, the newest, beside those that are held; at least 1
     */
    public static SnapshotStore open(Disk disk, Path directory, WalIdentity identity,
            int retainCount)
            throws IOException {
        if (retainCount < 1) {
            throw new IllegalArgumentException("retainCount is " + retainCount + ", below 1");
        }
        disk.createDirectories(directory);
        for (String name : disk.list(directory)) {
            if (name.endsWith(TEMPORARY_SUFFIX)) {
                disk.delete(directory.resolve(name));
            }
        }
        disk.syncDirectory(directory);
        return new SnapshotStore(disk, directory, identity, retainCount);
    }

    /** Begins a snapshot of this member's state. Any thread. */
    public SnapshotWriter begin(long group, EntryId id, ConfState confState) throws IOException {
        SnapshotHeader header = new SnapshotHeader(identity, group, id, confState);
        SnapshotTemporary temporary = temporary(header.group(), id);
        boolean begun = false;
        try {
            SnapshotWriter writer = new SnapshotWriter(this, temporary, header);
            begun = true;
            return writer;
        } finally {
            if (!begun) {
                temporary.abort();
            }
        }
    }

    /** Begins to receive the snapshot that another member announced. Any thread. */
    public SnapshotReceiver receive(long group, EntryId id) throws IOException {
        return new SnapshotReceiver(this, temporary(group, id), group, id);
    }

    /**
     * The newest snapshot of {@code group} that verifies from the first byte to the last; empty if there
     * is none. Damaged ones are set aside. Reads whole files: not for an event loop.
     *
     * @throws WalIdentityException if a file is another cluster's
     * @throws WalVersionException if a file has a format that this program cannot read
     */
    public Optional<SnapshotFile> newest(long group) throws IOException {
        for (Path path : newestFirst(group)) {
            try (DiskFile file = disk.open(path)) {
                SnapshotInput.Verified whole = SnapshotInput.verify(file, path);
                SnapshotHeader header = whole.header();
                checkOwner(header, path);
                checkName(header, path);
                return Optional.of(new SnapshotFile(disk, path, header, file.bytes(),
                        whole.contentId()));
            } catch (SnapshotDamagedException damaged) {
                setAside(path, damaged);
            }
        }
        return Optional.empty();
    }

    /** The files that have been set aside because they were damaged, for an operator to look at. */
    public List<Path> broken() throws IOException {
        List<Path> broken = new ArrayList<>();
        for (String name : disk.list(directory)) {
            if (name.endsWith(BROKEN_SUFFIX)) {
                broken.add(directory.resolve(name));
            }
        }
        return List.copyOf(broken);
    }

    /** Keeps {@code file}, however many newer ones there will be, until {@link #release}. Any thread. */
    public void hold(SnapshotFile file) {
        hold(file.path());
    }

    private void hold(Path path) {
        holds.merge(path, 1, Integer::sum);
    }

    /**
     * Undoes one {@link #hold}: after the last one {@code file} may be deleted, with the next one that comes, if it is not among the
     * newest. Any thread.
     */
    public void release(SnapshotFile file) {
        release(file.path());
    }

    private void release(Path path) {
        holds.computeIfPresent(path, (ignored, count) -> count == 1 ? null : count - 1);
    }

    /** What was received is {@linkplain #hold held}. */
    SnapshotFile commitReceived(SnapshotTemporary temporary, SnapshotHeader header, long contentId)
            throws IOException {
        Path path = path(header);
        hold(path);
        boolean committed = false;
        try {
            SnapshotFile file = commit(temporary, header, contentId);
            committed = true;
            return file;
        } finally {
            if (!committed) {
                release(path);
            }
        }
    }

    private Path path(SnapshotHeader header) {
        return directory.resolve(name(header.group(), header.id()) + SUFFIX);
    }

    SnapshotFile commit(SnapshotTemporary temporary, SnapshotHeader header, long contentId)
            throws IOException {
        Path path = path(header);
        temporary.commitAs(path);
        retain(header.group());
        return new SnapshotFile(disk, path, header, temporary.bytes(), contentId);
    }

    void checkOwner(SnapshotHeader header, Path path) throws WalIdentityException {
        if (header.writer().clusterId() != identity.clusterId()) {
            throw new WalIdentityException(path, identity, header.writer());
        }
    }

    private static void checkName(SnapshotHeader header, Path path)
            throws SnapshotDamagedException {
        if (!path.endsWith(name(header.group(), header.id()) + SUFFIX)) {
            throw new SnapshotDamagedException(path, 0,
                    "its name does not say group " + header.group() + " at " + header.id());
        }
    }

    private void setAside(Path path, SnapshotDamagedException damaged) throws IOException {
        LOGGER.log(Level.WARNING, "snapshot set aside file={0}{1} reason={2}", path, BROKEN_SUFFIX,
                damaged.getMessage());
        disk.rename(path, path.resolveSibling(path.getFileName() + BROKEN_SUFFIX));
        disk.syncDirectory(directory);
    }

    private void retain(long group) throws IOException {
        List<Path> files = newestFirst(group);
        for (int i = retainCount; i < files.size(); i++) {
            if (!holds.containsKey(files.get(i))) {
                disk.delete(files.get(i));
            }
        }
    }

    /** By term, then index: names of equal length sort as their numbers do. */
    private List<Path> newestFirst(long group) throws IOException {
        String prefix = HexFormat.of().toHexDigits(group) + "-";
        List<Path> files = new ArrayList<>();
        for (String name : disk.list(directory).reversed()) {
            if (name.startsWith(prefix) && name.endsWith(SUFFIX) && name.length() == NAME_CHARS) {
                files.add(directory.resolve(name));
            }
        }
        return files;
    }

    private SnapshotTemporary temporary(long group, EntryId id) throws IOException {
        String name = name(group, id) + "." + temporaries.incrementAndGet() + TEMPORARY_SUFFIX;
        return new SnapshotTemporary(disk, directory.resolve(name));
    }

    private static String name(long group, EntryId id) {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(group) + "-" + hex.toHexDigits(id.term()) + "-"
                + hex.toHexDigits(id.index());
    }
}
