// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NativeLibraryTest {
    private static final String NAME = "library.so";

    @TempDir
    private Path folder;
    private Path packed = Path.of("");

    @BeforeEach
    void pack() throws IOException {
        packed = Files.writeString(folder.resolve("packed"), "the library");
    }

    @Test
    void isPackedForThisPlatform() {
        assertThat(NativeLibrary.packed()).isPresent();
    }

    @Test
    void staysWhereItWasUnpacked() throws IOException {
        Path first = NativeLibrary.unpacked(url(), NAME, folder);
        Object before = Files.getAttribute(first.resolve(NAME), "unix:ino");
        assertThat(NativeLibrary.unpacked(url(), NAME, folder)).isEqualTo(first);
        assertThat(Files.getAttribute(first.resolve(NAME), "unix:ino")).isEqualTo(before);
        assertThat(Files.readString(first.resolve(NAME))).isEqualTo("the library");
        assertThat(names(first)).containsExactly(NAME);
    }

    @Test
    void replacesOneThatWasCutShort() throws IOException {
        Path unpacked = NativeLibrary.unpacked(url(), NAME, folder);
        Files.writeString(unpacked.resolve(NAME), "the lib");
        NativeLibrary.unpacked(url(), NAME, folder);
        assertThat(Files.readString(unpacked.resolve(NAME))).isEqualTo("the library");
    }

    @Test
    void refusesAFolderThatOthersMayWrite() throws IOException {
        Path unpacked = NativeLibrary.unpacked(url(), NAME, folder);
        Files.setPosixFilePermissions(unpacked, PosixFilePermissions.fromString("rwxrwxrwx"));
        assertThatThrownBy(() -> NativeLibrary.unpacked(url(), NAME, folder))
                .isInstanceOf(IOException.class).hasMessageContaining("not a folder of ours");
    }

    private URL url() throws IOException {
        return packed.toUri().toURL();
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
