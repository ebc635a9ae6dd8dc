// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;
import io.jangada.server.cluster.ClusterIds;
import io.jangada.server.config.ServerConfig;
import io.jangada.server.config.ServerUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * A member's directory: {@code member/identity} says whose it is, {@code member/lock} who runs on it.
 * For the starting thread.
 */
final class DataDirectory implements AutoCloseable {
    private static final String FORMAT = "jangada-member 1";

    private final FileChannel lockFile;
    private final Identity identity;

    /**
     * Whose data it is.
     *
     * @param peerUrls of the initial members, by id
     * @param names of the initial members, by id
     */
    record Identity(long clusterId, long memberId, Map<Long, List<String>> peerUrls,
            Map<Long, String> names) {
        Identity {
            peerUrls = Map.copyOf(peerUrls);
            names = Map.copyOf(names);
        }

        static Identity of(ServerConfig config) {
            Map<Long, List<String>> urls = new TreeMap<>();
            Map<Long, String> names = new TreeMap<>();
            long own = 0;
            for (Map.Entry<String, List<ServerUrl>> member : config.initialCluster().entrySet()) {
                List<String> texts = member.getValue().stream().map(ServerUrl::text).sorted()
                        .toList();
                long id = ClusterIds.memberId(texts, config.initialClusterToken());
                urls.put(id, texts);
                names.put(id, member.getKey());
                own = member.getKey().equals(config.name()) ? id : own;
            }
            return new Identity(ClusterIds.clusterId(urls.keySet()), own, urls, names);
        }
    }

    private DataDirectory(FileChannel lockFile, Identity identity) {
        this.lockFile = lockFile;
        this.identity = identity;
    }

    /** Says whose data a new directory is to hold. */
    interface Beginning {
        Identity identity() throws StartException;
    }

    /** Opens {@code dataDir}, or begins it: as what {@code beginning} says only if it is new. */
    static DataDirectory open(Path dataDir, Beginning beginning) throws StartException {
        Path directory = dataDir.resolve("member");
        Path file = directory.resolve("identity");
        try {
            if (!Files.exists(file) && Files.isDirectory(directory) && !isBare(directory)) {
                throw new StartException("data directory " + dataDir
                        + " has data that is not Jangada's: choose another --data-dir");
            }
            Files.createDirectories(directory);
            FileChannel lockFile = lock(directory.resolve("lock"), dataDir);
            boolean opened = false;
            try {
                Identity identity = identity(directory, file, beginning);
                opened = true;
                return new DataDirectory(lockFile, identity);
            } finally {
                if (!opened) {
                    lockFile.close();
                }
            }
        } catch (IOException failed) {
            throw new StartException("data directory " + dataDir + " cannot be used: "
                    + failed.getClass().getSimpleName() + ": " + failed.getMessage(), failed);
        }
    }

    private static Identity identity(Path directory, Path file, Beginning beginning)
            throws IOException, StartException {
        if (Files.exists(file)) {
            return decode(Files.readString(file), file);
        }
        Identity identity = beginning.identity();
        write(directory, file, encode(identity));
        return identity;
    }

    private static boolean isBare(Path directory) throws IOException {
        try (var files = Files.list(directory)) {
            return files.allMatch(file -> file.endsWith("lock"));
        }
    }

    private static FileChannel lock(Path file, Path dataDir) throws IOException, StartException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock lock;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            lock = null;
        }
        if (lock == null) {
            channel.close();
            throw new StartException(
                    "data directory " + dataDir + " is in use by another process");
        }
        return channel;
    }

    /** Writes {@code file} in {@code directory} durably, as a whole or not at all. */
    static void write(Path directory, Path file, String text) throws IOException {
        Path temporary = directory.resolve(file.getFileName() + ".tmp");
        try (FileChannel out = FileChannel.open(temporary, StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(directory, StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    private static String encode(Identity identity) {
        StringBuilder text = new StringBuilder(FORMAT).append('\n')
                .append(Long.toHexString(identity.clusterId)).append(' ')
                .append(Long.toHexString(identity.memberId)).append('\n');
        new TreeMap<>(identity.peerUrls).forEach((id, urls) -> text.append(Long.toHexString(id))
                .append(' ').append(String.join(",", urls)).append(' ')
                .append(identity.names.get(id)).append('\n'));
        return text + Long.toHexString(crc(text.toString())) + "\n";
    }

    private static Identity decode(String text, Path file) throws StartException {
        int end = text.lastIndexOf('\n', text.length() - 2) + 1;
        String body = text.substring(0, end);
        String[] lines = body.split("\n", -1);
        boolean isSound = text.substring(end).strip().equals(Long.toHexString(crc(body)));
        if (!isSound || !lines[0].equals(FORMAT)) {
            throw new StartException(file + " is damaged, or of another version: restore the"
                    + " member from a backup, or remove it from the cluster and add it anew");
        }
        Map<Long, List<String>> urls = new TreeMap<>();
        Map<Long, String> names = new TreeMap<>();
        for (int i = 2; i < lines.length - 1; i++) {
            String[] parts = lines[i].split(" ", 3);
            long id = Long.parseUnsignedLong(parts[0], 16);
            urls.put(id, List.of(parts[1].split(",", -1)));
            names.put(id, parts[2]);
        }
        String[] ids = lines[1].split(" ", 2);
        return new Identity(Long.parseUnsignedLong(ids[0], 16),
                Long.parseUnsignedLong(ids[1], 16), urls, names);
    }

    static long crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return crc.getValue();
    }

    Identity identity() {
        return identity;
    }

    @Override
    public void close() throws IOException {
        lockFile.close();
    }
}
