// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * By what it is seen that files have changed: their sizes, times and identities. Immutable.
 *
 * @param stamps one for each file, in order; empty for one that cannot be looked at
 */
record FileStamps(List<String> stamps) {
    FileStamps {
        stamps = List.copyOf(stamps);
    }

    /** Of {@code files} as they are now; blocks. */
    static FileStamps of(List<Path> files) {
        return new FileStamps(files.stream().map(FileStamps::stamp).toList());
    }

    private static String stamp(Path file) {
        try {
            var now = Files.readAttributes(file, BasicFileAttributes.class);
            return now.size() + " " + now.lastModifiedTime() + " " + now.fileKey();
        } catch (IOException e) {
            return "";
        }
    }
}
