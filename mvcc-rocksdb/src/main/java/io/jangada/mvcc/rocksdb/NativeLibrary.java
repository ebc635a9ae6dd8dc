// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.rocksdb.RocksDB;
import org.rocksdb.util.Environment;

/**
 * Loads RocksDB's native library from a folder where it stays, instead of unpacking it at every start.
 *
 * <p>RocksDB itself would copy tens of megabytes at each start, and leave them in the folder for
 * temporary files whenever the process is killed. The folder here is beside those, named by user and
 * by the size of the library, and open to no one else: one that is not is not used.
 */
final class NativeLibrary {
    private static final Logger LOGGER = System.getLogger(NativeLibrary.class.getName());
    private static final String PACKED = Environment.getJniLibraryFileName("rocksdb");
    /** RocksDB packs its library under one name and, told where it lies, looks for another. */
    private static final String FILE = Environment.getJniLibraryFileName("rocksdbjni");
    private static final Set<PosixFilePermission> OURS_ALONE = PosixFilePermissions
            .fromString("rwx------");

    private NativeLibrary() {}

    /** Loads the library, once per process. Thread-safe. */
    static void load() {
        Loaded.touch();
    }

    /** Loads when first used; the JVM sees to it that it happens once. */
    private static final class Loaded {
        static {
            loadNow();
        }

        static void touch() {}
    }

    private static void loadNow() {
        Optional<URL> packed = packed();
        if (packed.isPresent()) {
            try {
                Path folder = unpacked(packed.get(), FILE,
                        Path.of(System.getProperty("java.io.tmpdir")));
                RocksDB.loadLibrary(List.of(folder.toString()));
                return;
            } catch (IOException | UnsupportedOperationException | UnsatisfiedLinkError cause) {
                LOGGER.log(Level.WARNING, "rocksdb library is unpacked anew: " + cause);
            }
        }
        RocksDB.loadLibrary();
    }

    /** The library for this platform, where it is packed; empty if it is not. */
    static Optional<URL> packed() {
        return Optional.ofNullable(RocksDB.class.getClassLoader().getResource(PACKED));
    }

    /** The folder under {@code parent} that has the library {@code file}, unpacked now or before. */
    static Path unpacked(URL packed, String file, Path parent) throws IOException {
        long bytes = packed.openConnection().getContentLengthLong();
        Path folder = parent.resolve(
                "jangada-" + System.getProperty("user.name") + "-rocksdbjni-" + bytes);
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            make(folder);
        }
        requireOurs(folder);
        Path library = folder.resolve(file);
        if (!Files.exists(library) || Files.size(library) != bytes) {
            // Whole or not at all: others may be starting too.
            Path fresh = Files.createTempFile(folder, file, ".new");
            try (InputStream in = packed.openStream()) {
                Files.copy(in, fresh, StandardCopyOption.REPLACE_EXISTING);
                Files.move(fresh, library, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(fresh);
            }
        }
        return folder;
    }

    private static void make(Path folder) throws IOException {
        FileAttribute<?> oursAlone = PosixFilePermissions.asFileAttribute(OURS_ALONE);
        try {
            Files.createDirectory(folder, oursAlone);
        } catch (FileAlreadyExistsException ignored) {
            // Another process of ours was quicker, or it is not ours: to be seen.
        }
    }

    /** Whoever can write there could make us run their code. */
    private static void requireOurs(Path folder) throws IOException {
        PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class,
                LinkOption.NOFOLLOW_LINKS);
        Path probe = Files.createTempFile(folder, "owner", ".new");
        try {
            boolean isOurs = found.isDirectory() && found.permissions().equals(OURS_ALONE)
                    && Files.getOwner(probe).equals(found.owner());
            if (!isOurs) {
                throw new IOException(folder + " is not a folder of ours alone");
            }
        } finally {
            Files.deleteIfExists(probe);
        }
    }
}
