// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.server.config.LogRotation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupsTest {
    private static final LogRotation KEEP_ALL = new LogRotation(1, 0, 0, false, false);

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    private Instant now = Instant.parse("2026-03-01T23:59:59.995Z");

    @Test
    void aFullFileGetsTheTimeIntoItsName() throws Exception {
        add(backups(KEEP_ALL), "one");
        assertThat(names()).containsExactly("jangada-2026-03-01T23-59-59.995.log", "jangada.log");
        assertThat(read("jangada-2026-03-01T23-59-59.995.log")).isEqualTo("one");
        assertThat(read("jangada.log")).isEmpty();
    }

    @Test
    void twoWithinAMillisecondAreBothKept() throws Exception {
        Backups backups = backups(KEEP_ALL);
        add(backups, "one");
        add(backups, "two");
        assertThat(names()).containsExactly("jangada-2026-03-01T23-59-59.995.log",
                "jangada-2026-03-01T23-59-59.996.log", "jangada.log");
    }

    @Test
    void theNameHasTheMachinesTimeIfThatIsWanted() throws Exception {
        add(backups(new LogRotation(1, 0, 0, true, false)), "one");
        String local = DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS")
                .format(LocalDateTime.ofInstant(now, ZoneId.systemDefault()));
        assertThat(names()).containsExactly("jangada-" + local + ".log", "jangada.log");
    }

    @Test
    void theNewFileHasThePermissionsOfTheOld() throws Exception {
        Path active = Files.writeString(folder.resolve("jangada.log"), "one");
        Files.setPosixFilePermissions(active, PosixFilePermissions.fromString("rw-------"));
        Backups backups = backups(new LogRotation(1, 0, 0, false, true));
        backups.add();
        backups.cleanUp();
        for (String name : names()) {
            assertThat(PosixFilePermissions
                    .toString(Files.getPosixFilePermissions(folder.resolve(name)))).as(name)
                    .isEqualTo("rw-------");
        }
        assertThat(names()).hasSize(2);
    }

    @Test
    void theNewestAreKept() throws Exception {
        Backups backups = backups(new LogRotation(1, 0, 2, false, false));
        for (String contents : List.of("one", "two", "three", "four")) {
            add(backups, contents);
            now = now.plusSeconds(1);
        }
        backups.cleanUp();
        assertThat(names()).containsExactly("jangada-2026-03-02T00-00-01.995.log",
                "jangada-2026-03-02T00-00-02.995.log", "jangada.log");
        assertThat(read("jangada-2026-03-02T00-00-02.995.log")).isEqualTo("four");
    }

    @Test
    void theOldAreDeletedByTheTimeInTheirNames() throws Exception {
        Backups backups = backups(new LogRotation(1, 2, 0, false, false));
        add(backups, "one");
        now = now.plusSeconds(1);
        add(backups, "two");
        now = now.plusSeconds(2 * 24 * 3600 - 1);
        backups.cleanUp();
        assertThat(names()).as("none is older than two days").hasSize(3);
        now = now.plusMillis(1);
        backups.cleanUp();
        assertThat(names()).containsExactly("jangada-2026-03-02T00-00-00.995.log", "jangada.log");
    }

    @Test
    void fullFilesAreCompressed() throws Exception {
        Backups backups = backups(new LogRotation(1, 0, 2, false, true));
        for (String contents : List.of("one", "two", "three")) {
            add(backups, contents);
            backups.cleanUp();
            now = now.plusSeconds(1);
        }
        assertThat(names()).containsExactly("jangada-2026-03-02T00-00-00.995.log.gz",
                "jangada-2026-03-02T00-00-01.995.log.gz", "jangada.log");
        assertThat(unpacked("jangada-2026-03-02T00-00-01.995.log.gz")).isEqualTo("three");
    }

    @Test
    void oneThatWasCutShortIsCompressedAgain() throws Exception {
        Files.writeString(folder.resolve("jangada-2026-03-01T00-00-00.000.log"), "whole");
        Files.writeString(folder.resolve("jangada-2026-03-01T00-00-00.000.log.gz"), "torn");
        Files.writeString(folder.resolve("jangada-2026-02-01T00-00-00.000.log.gz"), "older");
        backups(new LogRotation(1, 0, 2, false, true)).cleanUp();
        assertThat(names()).containsExactly("jangada-2026-02-01T00-00-00.000.log.gz",
                "jangada-2026-03-01T00-00-00.000.log.gz");
        assertThat(unpacked("jangada-2026-03-01T00-00-00.000.log.gz")).isEqualTo("whole");
    }

    @Test
    void othersFilesAreLeftAlone() throws Exception {
        List<String> others = List.of("jangada-2026-03-01.log", "jangada-old.log", "other.log",
                "jangada-2026-03-01T00-00-00.000.txt", "jangada-.log", "jangada.log.gz",
                "jangada-2026-13-01T00-00-00.000.log");
        for (String other : others) {
            Files.writeString(folder.resolve(other), "other");
        }
        Files.writeString(folder.resolve("jangada-2020-01-01T00-00-00.000.log"), "old");
        backups(new LogRotation(1, 1, 1, false, true)).cleanUp();
        assertThat(names()).containsExactlyInAnyOrderElementsOf(others);
    }

    private Backups backups(LogRotation rotation) {
        return new Backups(folder.resolve("jangada.log"), rotation, () -> now);
    }

    private void add(Backups backups, String contents) throws IOException {
        Files.writeString(folder.resolve("jangada.log"), contents);
        backups.add();
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
        }
    }

    private String read(String name) throws IOException {
        return Files.readString(folder.resolve(name));
    }

    private String unpacked(String name) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(folder.resolve(name)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
