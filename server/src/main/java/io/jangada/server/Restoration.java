// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.mvcc.HistoryImport;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.rocksdb.RocksBackend;
import io.jangada.mvcc.rocksdb.RocksLimits;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raftnode.AppliedState;
import io.jangada.server.apply.RestoredCluster;
import io.jangada.server.backup.RevisionBump;
import io.jangada.server.backup.SnapshotFile;
import io.jangada.server.backup.SnapshotStatus;
import io.jangada.server.config.ServerConfig;
import io.jangada.wal.SnapshotMark;
import io.jangada.wal.Wal;
import io.jangada.wal.WalConfig;
import io.jangada.wal.WalIdentity;
import io.jangada.wal.disk.FileDisk;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * Makes a member's data directory out of a snapshot file: a member of a new cluster, whose ids follow from
 * its configuration. Done for every member, from the same file and with the same options, it gives a cluster
 * that begins with the state in the file.
 *
 * <p>The log of such a cluster begins behind an entry that a cluster without a backup does not have, since
 * the same members may be started empty by mistake: the two do not take each other's log for their own.
 *
 * <p>The directory gets its name when everything in it is durable. For a command's thread, which it blocks.
 */
public final class Restoration {
    /** What the log begins behind. */
    static final EntryId BEGINNING = new EntryId(1, 1_000);

    private static final String UNFINISHED = ".restoring";

    private final ServerConfig config;
    private final RevisionBump bump;
    private final Path work;

    private Restoration(ServerConfig config, RevisionBump bump) {
        this.config = config;
        this.bump = bump;
        Path dataDir = config.dataDir().toAbsolutePath();
        this.work = dataDir.resolveSibling(dataDir.getFileName() + UNFINISHED);
    }

    /**
     * Restores one member.
     *
     * @param config of the member; its name, directories, token and initial cluster matter
     * @param snapshot the file
     * @param skipDigest takes a file whose SHA-256 is wrong or missing, such as a copied database
     * @return what was in the file
     * @throws StartException if a directory has something in it
     * @throws IOException if the file is refused, or the disk fails; there is no data directory then
     */
    public static SnapshotStatus restore(ServerConfig config, Path snapshot, boolean skipDigest,
            RevisionBump bump) throws StartException, IOException {
        try (SnapshotFile file = SnapshotFile.open(snapshot)) {
            if (!skipDigest) {
                file.checkDigest();
            }
            SnapshotStatus status = file.status();
            new Restoration(config, bump).restore(file);
            return status;
        }
    }

    private void restore(SnapshotFile file) throws StartException, IOException {
        requireEmpty(config.dataDir(), "data directory");
        requireEmpty(config.walDir(), "write-ahead log directory");
        requireEmpty(work, "directory of a restore that did not end");
        boolean done = false;
        try {
            fill(file, DataDirectory.Identity.of(config));
            Files.deleteIfExists(config.dataDir());
            Files.move(work, config.dataDir(), StandardCopyOption.ATOMIC_MOVE);
            done = true;
            sync(config.dataDir().toAbsolutePath().resolveSibling(""));
        } finally {
            if (!done) {
                delete(walDir()); // It was empty before, as the other was.
                delete(work);
            }
        }
    }

    private void fill(SnapshotFile file, DataDirectory.Identity identity)
            throws StartException, IOException {
        AppliedState at = new AppliedState(BEGINNING,
                ConfState.ofVoters(identity.peerUrls().keySet().stream().sorted().toList()));
        try (DataDirectory directory = DataDirectory.open(work, () -> identity)) {
            Path member = work.resolve("member");
            try (MvccStore store = MvccStore
                    .open(RocksBackend.open(member.resolve("db"), RocksLimits.DEFAULT))) {
                HistoryImport into = store.importHistory();
                RestoredCluster.write(into, at, EtcdServer.members(directory.identity()));
                file.restore(into, bump);
            }
            writeLog(new WalIdentity(identity.clusterId(), identity.memberId()), at);
            sync(member);
        }
        sync(work);
    }

    private void writeLog(WalIdentity identity, AppliedState at) throws IOException {
        try (Wal wal = Wal.open(new FileDisk(), walDir(), WalConfig.DEFAULT, identity).wal()) {
            wal.mark(EtcdServer.GROUP, new SnapshotMark(at.last(), at.confState()));
            wal.append(EtcdServer.GROUP, new HardState(at.last().term(), 0, at.index()),
                    List.of());
            wal.force();
        }
    }

    /** Where the log is while it is being made: in the unfinished directory, if it will be in the finished one. */
    private Path walDir() {
        Path wal = config.walDir().toAbsolutePath();
        Path dataDir = config.dataDir().toAbsolutePath();
        return wal.startsWith(dataDir) ? work.resolve(dataDir.relativize(wal)) : wal;
    }

    private static void requireEmpty(Path directory, String what)
            throws StartException, IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.findAny().isPresent()) {
                throw new StartException(what + " " + directory + " is not empty");
            }
        }
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            List<Path> paths;
            try (Stream<Path> all = Files.walk(directory)) {
                paths = all.toList();
            }
            for (Path path : paths.reversed()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
