// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * File systems of a fixed size in memory for the members' data, which can be filled up. They need the right to mount.
 * Used by one thread at a time.
 */
final class Disks implements AutoCloseable {
    private static final String SIZE = "512m";
    private static final String FILLER = "filler";
    private static final int PIECE_BYTES = 1 << 16;

    private final List<Path> mounted = new ArrayList<>();

    /** Mounts one over each folder; false, and none is left mounted, if this machine does not let us. */
    boolean mount(List<Path> folders) throws IOException, InterruptedException {
        for (Path folder : folders) {
            Files.createDirectories(folder);
            if (!run("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "jangada-torture",
                    folder.toString())) {
                close();
                return false;
            }
            mounted.add(folder);
        }
        return true;
    }

    /** Takes all the room that is left in {@code folder}. */
    static void fill(Path folder) throws IOException {
        byte[] piece = new byte[PIECE_BYTES];
        try (OutputStream out = Files.newOutputStream(folder.resolve(FILLER))) {
            while (folder.toFile().getUsableSpace() > 0) {
                out.write(piece);
            }
        } catch (IOException full) {
            if (folder.toFile().getUsableSpace() > PIECE_BYTES) {
                throw full;
            }
        }
    }

    /** Gives the room back. */
    static void free(Path folder) throws IOException {
        Files.deleteIfExists(folder.resolve(FILLER));
    }

    /** Unmounts them; what is on them is gone. The members must have ended. */
    @Override
    public void close() throws IOException {
        try {
            for (Path folder : mounted) {
                run("umount", "-l", folder.toString());
            }
            mounted.clear();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while unmounting", stopped);
        }
    }

    private static boolean run(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command).redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD).start().waitFor() == 0;
        } catch (IOException ignored) {
            return false; // No such program.
        }
    }
}
