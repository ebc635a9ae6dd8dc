// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import io.jangada.server.config.LogRotation;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.zip.GZIPOutputStream;

/**
 * The full files of one log, in its folder: {@code NAME-TIME.EXTENSION}, or with {@code .gz} behind it, where
 * TIME is when the file was full, to the millisecond (lumberjack, by which etcd rotates). Immutable; one thread
 * at a time may {@link #add}, and one, maybe another, {@link #cleanUp}.
 */
final class Backups {
    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("uuuu-MM-dd'T'HH-mm-ss.SSS", Locale.ROOT);
    private static final String GZ = ".gz";

    private final Path active;
    private final LogRotation rotation;
    private final InstantSource clock;
    private final ZoneId zone;
    private final String prefix;
    private final String extension;

    /** One of them. */
    private record Backup(Path file, LocalDateTime time) {
        boolean isCompressed() {
            return file.toString().endsWith(GZ);
        }
    }

    /** Those of {@code active}, the file that is written, with the time that {@code clock} tells. */
    Backups(Path active, LogRotation rotation, InstantSource clock) {
        this.active = active.toAbsolutePath();
        this.rotation = rotation;
        this.clock = clock;
        zone = rotation.localTime() ? ZoneId.systemDefault() : ZoneOffset.UTC;
        String name = String.valueOf(active.getFileName());
        int dot = name.lastIndexOf('.');
        extension = dot < 0 ? "" : name.substring(dot);
        prefix = name.substring(0, name.length() - extension.length()) + "-";
    }

    /** Renames the file that is written, and makes an empty one with its permissions. */
    void add() throws IOException {
        Instant now = clock.instant();
        Path target = at(now);
        while (Files.exists(target) || Files.exists(Path.of(target + GZ))) {
            now = now.plusMillis(1);
            target = at(now);
        }
        Files.move(active, target);
        createLike(target, active);
    }

    private Path at(Instant time) {
        return active.resolveSibling(
                prefix + TIME.format(LocalDateTime.ofInstant(time, zone)) + extension);
    }

    private static void createLike(Path model, Path made) throws IOException {
        try {
            Files.createFile(made);
        } catch (FileAlreadyExistsException ignored) {
            // Left by one that was killed, and written over.
        }
        PosixFileAttributeView view = Files.getFileAttributeView(made,
                PosixFileAttributeView.class);
        if (view != null) {
            view.setPermissions(Files.readAttributes(model, PosixFileAttributes.class)
                    .permissions());
        }
    }

    /** Deletes those that are too many or too old, and compresses the others if they are to be. */
    void cleanUp() throws IOException {
        Set<LocalDateTime> kept = new HashSet<>();
        for (Backup backup : newestFirst()) {
            kept.add(backup.time());
            boolean isOne = rotation.backupsMax() == 0 || kept.size() <= rotation.backupsMax();
            if (!isOne || isTooOld(backup)) {
                Files.deleteIfExists(backup.file());
            } else if (rotation.compress() && !backup.isCompressed()) {
                compress(backup.file());
            }
        }
    }

    private boolean isTooOld(Backup backup) {
        return rotation.ageDaysMax() > 0 && backup.time().atZone(zone).toInstant()
                .isBefore(clock.instant().minus(Duration.ofDays(rotation.ageDaysMax())));
    }

    private List<Backup> newestFirst() throws IOException {
        List<Backup> all = new ArrayList<>();
        try (DirectoryStream<Path> files = Files
                .newDirectoryStream(active.resolveSibling(""))) {
            for (Path file : files) {
                time(String.valueOf(file.getFileName()))
                        .ifPresent(time -> all.add(new Backup(file, time)));
            }
        }
        all.sort(Comparator.comparing(Backup::time).reversed());
        return all;
    }

    private Optional<LocalDateTime> time(String name) {
        String bare = name.endsWith(GZ) ? name.substring(0, name.length() - GZ.length()) : name;
        if (!bare.startsWith(prefix) || !bare.endsWith(extension)
                || bare.length() < prefix.length() + extension.length()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDateTime.parse(
                    bare.substring(prefix.length(), bare.length() - extension.length()), TIME));
        } catch (DateTimeParseException ignored) {
            return Optional.empty();
        }
    }

    /* The file goes only once all of it is in the other: one that was killed meanwhile compresses it again. */
    private static void compress(Path file) throws IOException {
        Path compressed = Path.of(file + GZ);
        createLike(file, compressed);
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            in.transferTo(out);
        }
        Files.delete(file);
    }
}
