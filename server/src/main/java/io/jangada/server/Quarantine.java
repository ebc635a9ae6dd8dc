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
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a member gets the state of the others. One whose state is not theirs sets aside all it has, as if its disk had been
 * lost, and the others bring it back as they bring back any member that has forgotten something (ADR 5); it serves
 * nothing until its hash is that of the others. One that cannot read its state sets that aside alone: it is made anew
 * from the snapshots and the log here, as far as these go, and else by the others.
 *
 * <p>The file {@code member/rebuild} says how far this has come. It survives a crash at any point: setting
 * aside is done anew until it is done. Thread-safe.
 */
final class Quarantine {
    private static final Logger LOGGER = LoggerFactory.getLogger(Quarantine.class);
    private static final String DATABASE = "db";
    private static final String ASIDE = ".corrupt";

    /** How far it has come. */
    private enum Step {
        ALL_WANTED("jangada-rebuild 1 wanted"), ALL_UNDER_WAY(
                "jangada-rebuild 1 under way"), STATE_WANTED(
                        "jangada-rebuild 1 state wanted"), STATE_UNDER_WAY(
                                "jangada-rebuild 1 state under way");

        private final String line;

        Step(String line) {
            this.line = line;
        }
    }

    private final Path directory;
    private final Path walDirectory;
    private final Path file;
    /** Written at each step; read by any thread. */
    private volatile @Nullable Content content;

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
        Content found = quarantine.read();
        quarantine.content = found;
        if (found != null && found.step == Step.ALL_WANTED) {
            quarantine.setAllAside();
            quarantine.write(Step.ALL_UNDER_WAY, found.peerUrls);
        } else if (found != null && found.step == Step.STATE_WANTED) {
            quarantine.setStateAside(found.peerUrls);
        }
        return quarantine;
    }

    /**
     * What the file says.
     *
     * @param peerUrls of all members, when the state was set aside
     */
    private record Content(Step step, Map<Long, List<String>> peerUrls) {
        Content {
            peerUrls = Map.copyOf(peerUrls);
        }
    }

    /** Whether the state comes, or came, from the others, and is not yet known to be theirs. */
    boolean isUnproven() {
        Content present = content;
        return present != null && present.step == Step.ALL_UNDER_WAY;
    }

    /** Whether anything was set aside that is not yet made good. */
    boolean isUnderWay() {
        return content != null;
    }

    /** The members when something was set aside; none if nothing was. */
    Map<Long, List<String>> peerUrls() {
        Content present = content;
        return present == null ? Map.of() : present.peerUrls;
    }

    /**
     * The next start sets all aside, and begins as one that has lost its disk.
     *
     * @param peerUrls of all members, by id: who is to be asked then
     */
    void request(Map<Long, List<String>> peerUrls) throws IOException {
        write(Step.ALL_WANTED, peerUrls);
    }

    /**
     * The next start sets the state aside; all, where it is unproven.
     *
     * @param peerUrls of all members, by id: who is to be asked then
     */
    void requestState(Map<Long, List<String>> peerUrls) throws IOException {
        write(isUnproven() ? Step.ALL_WANTED : Step.STATE_WANTED, peerUrls);
    }

    /**
     * Sets the state aside, which must not be open.
     *
     * @param peerUrls of all members, by id: who is to be asked
     */
    void setStateAside(Map<Long, List<String>> peerUrls) throws IOException {
        setAside(DATABASE);
        LOGGER.warn("the state is set aside, and made anew from snapshots and log, here or of the"
                + " others directory={}", directory);
        write(isUnproven() ? Step.ALL_UNDER_WAY : Step.STATE_UNDER_WAY, peerUrls);
    }

    /** What was set aside is made good. */
    void end() throws IOException {
        content = null;
        Files.deleteIfExists(file);
    }

    private void setAllAside() throws IOException {
        setAside(DATABASE);
        setAside("snap");
        int segments = Files.isDirectory(walDirectory)
                ? Wal.setAside(new FileDisk(), walDirectory)
                : 0;
        LOGGER.warn("state and log are set aside, the others have to rebuild this member"
                + " directory={} segments={}", directory, segments);
    }

    private void setAside(String name) throws IOException {
        Path present = directory.resolve(name);
        if (Files.exists(present)) {
            Path aside = directory.resolve(name + ASIDE);
            delete(aside);
            Files.move(present, aside);
        }
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

    private void write(Step step, Map<Long, List<String>> peerUrls) throws IOException {
        StringBuilder text = new StringBuilder(step.line).append('\n');
        new TreeMap<>(peerUrls).forEach((id, urls) -> text.append(Long.toHexString(id))
                .append(' ').append(String.join(",", urls)).append('\n'));
        DataDirectory.write(directory, file,
                text + Long.toHexString(DataDirectory.crc(text.toString())) + "\n");
        content = new Content(step, peerUrls);
    }

    private @Nullable Content read() throws IOException {
        if (!Files.exists(file)) {
            return null;
        }
        List<String> lines = Files.readAllLines(file);
        String body = String.join("\n", lines.subList(0, Math.max(0, lines.size() - 1))) + "\n";
        boolean isSound = lines.size() >= 2
                && lines.getLast().equals(Long.toHexString(DataDirectory.crc(body)));
        Step step = Stream.of(Step.values())
                .filter(one -> isSound && one.line.equals(lines.getFirst())).findAny()
                .orElseThrow(
                        () -> new IOException(file + " is damaged, or of another version"));
        Map<Long, List<String>> peerUrls = new TreeMap<>();
        for (String line : lines.subList(1, lines.size() - 1)) {
            String[] parts = line.split(" ", 2);
            peerUrls.put(Long.parseUnsignedLong(parts[0], 16), List.of(parts[1].split(",", -1)));
        }
        return new Content(step, peerUrls);
    }
}
