// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.wal.Wal;
import io.jangada.wal.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a member whose state is not that of the others gets theirs. What it has is set aside, as if its disk
 * had been lost, and the others bring it back as they bring back any member that has forgotten something
 * (ADR 5); it serves nothing until its hash is that of the others.
 *
 * <p>The file {@code member/rebuild} says how far this has come. It survives a crash at any point: setting
 * aside is done anew until it is done. Thread-safe.
 */
final class Quarantine {
    private static final Logger LOGGER = LoggerFactory.getLogger(Quarantine.class);
    private static final String WANTED = "jangada-rebuild 1 wanted";
    private static final String UNDER_WAY = "jangada-rebuild 1 under way";
    private static final String ASIDE = ".corrupt";

    private final Path directory;
    private final Path walDirectory;
    private final Path file;
    /** Written at each step; read by any thread. */
    private volatile boolean isUnderWay;

    private Quarantine(Path directory, Path walDirectory) {
        this.directory = directory;
        this.walDirectory = walDirectory;
        this.file = directory.resolve("rebuild");
    }

    /**
     * Looks what is to be done in {@code directory}, which must be locked, and does it, before anything in it
     * is opened.
     *
     * @throws IOException if the disk fails, or the file is damaged
     */
    static Quarantine open(Path directory, Path walDirectory) throws IOException {
        Quarantine quarantine = new Quarantine(directory, walDirectory);
        Optional<Content> content = quarantine.read();
        if (content.isPresent() && content.get().state.equals(WANTED)) {
            quarantine.setAside();
            quarantine.write(new Content(UNDER_WAY, content.get().peerUrls));
        }
        quarantine.isUnderWay = content.isPresent();
        return quarantine;
    }

    /**
     * What the file says.
     *
     * @param peerUrls of all members, when the state was set aside
     */
    private record Content(String state, Map<Long, List<String>> peerUrls) {
        Content {
            peerUrls = Map.copyOf(peerUrls);
        }
    }

    /** Whether the state comes, or came, from the others, and is not yet known to be theirs. */
    boolean isUnderWay() {
        return isUnderWay;
    }

    /** The members when the state was set aside; none if it was not. */
    Map<Long, List<String>> peerUrls() throws IOException {
        return read().map(Content::peerUrls).orElse(Map.of());
    }

    /**
     * The next start sets the state aside.
     *
     * @param peerUrls of all members, by id: who is to be asked then
     */
    void request(Map<Long, List<String>> peerUrls) throws IOException {
        write(new Content(WANTED, peerUrls));
    }

    /** The state is that of the others. */
    void end() throws IOException {
        isUnderWay = false;
        Files.deleteIfExists(file);
    }

    private void setAside() throws IOException {
        for (String name : List.of("db", "snap")) {
            Path present = directory.resolve(name);
            if (Files.exists(present)) {
                Path aside = directory.resolve(name + ASIDE);
                delete(aside);
                Files.move(present, aside);
            }
        }
        int segments = Files.isDirectory(walDirectory)
                ? Wal.setAside(new FileDisk(), walDirectory)
                : 0;
        LOGGER.warn("state and log are set aside, the others have to rebuild this member"
                + " directory={} segments={}", directory, segments);
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path one : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(one);
            }
        }
    }

    private void write(Content content) throws IOException {
        StringBuilder text = new StringBuilder(content.state).append('\n');
        new TreeMap<>(content.peerUrls).forEach((id, urls) -> text.append(Long.toHexString(id))
                .append(' ').append(String.join(",", urls)).append('\n'));
        DataDirectory.write(directory, file,
                text + Long.toHexString(DataDirectory.crc(text.toString())) + "\n");
    }

    private Optional<Content> read() throws IOException {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        String body = String.join("\n", lines.subList(0, Math.max(0, lines.size() - 1))) + "\n";
        boolean isSound = lines.size() >= 2
                && lines.getLast().equals(Long.toHexString(DataDirectory.crc(body)))
                && (lines.getFirst().equals(WANTED) || lines.getFirst().equals(UNDER_WAY));
        if (!isSound) {
            throw new IOException(file + " is damaged, or of another version");
        }
        Map<Long, List<String>> peerUrls = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] parts = line.split(" ", 2);
            peerUrls.put(Long.parseUnsignedLong(parts[0], 16), List.of(parts[1].split(",", -1)));
        }
        return Optional.of(new Content(lines.getFirst(), peerUrls));
    }
}
