// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * The port to a file system: all that the log and the snapshots ask of one. Thread-safe; a
 * {@link DiskFile} belongs to whoever opened it.
 *
 * <p>What an operation did to a file's bytes is durable after {@link DiskFile#force}; what it did to
 * names (create, rename, delete) after {@link #syncDirectory}. Before that a crash may undo it.
 */
public interface Disk {

    /** Creates the directory and its missing parents, durably; does nothing if it is there. */
    void createDirectories(Path directory) throws IOException;

    /** The names of the files in {@code directory}, sorted; empty if there is no such directory. */
    List<String> list(Path directory) throws IOException;

    /** Whether there is a file at {@code path}. */
    boolean exists(Path path) throws IOException;

    /**
     * Creates an empty file for reading and writing.
     *
     * @throws java.nio.file.FileAlreadyExistsException if there is one
     */
    DiskFile create(Path path) throws IOException;

    /**
     * Opens a file for reading and writing.
     *
     * @throws java.nio.file.NoSuchFileException if there is none
     */
    DiskFile open(Path path) throws IOException;

    /** Gives a file another name in one step; a file of that name is replaced. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes a file; does nothing if there is none. */
    void delete(Path path) throws IOException;

    /** Makes the names in {@code directory} durable as they are now. */
    void syncDirectory(Path directory) throws IOException;

    /**
     * Takes {@code directory} for this process and this caller alone, by a file {@code LOCK} in it,
     * until the lock is closed or the process ends.
     *
     * @throws DirectoryLockedException if another has it
     */
    DirectoryLock lock(Path directory) throws IOException;

    /** The bytes that can still be written where {@code directory} is. */
    long freeBytes(Path directory) throws IOException;
}
