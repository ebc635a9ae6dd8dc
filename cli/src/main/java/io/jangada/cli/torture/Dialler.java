// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * Finds out which process made a connection on loopback: by the port that it comes from, the kernel's table of TCP
 * sockets tells the socket, and the processes' open files tell whose that is. Thread-safe: nothing is kept.
 */
final class Dialler {
    private static final List<Path> TABLES = List.of(Path.of("/proc/net/tcp"),
            Path.of("/proc/net/tcp6"));
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private final int members;
    private final IntFunction<Optional<ProcessHandle>> processes;

    /**
     * Of a cluster.
     *
     * @param processes the process of each member, if it runs
     */
    Dialler(int members, IntFunction<Optional<ProcessHandle>> processes) {
        this.members = members;
        this.processes = processes;
    }

    /** The member with a connection from {@code localPort} to {@code remotePort}, or {@link Links#UNKNOWN}. */
    int member(int localPort, int remotePort) {
        Optional<String> inode = TABLES.stream()
                .flatMap(table -> inode(table, localPort, remotePort).stream()).findFirst();
        if (inode.isEmpty()) {
            return Links.UNKNOWN;
        }
        String target = "socket:[" + inode.get() + "]";
        for (int member = 0; member < members; member++) {
            Optional<ProcessHandle> process = processes.apply(member);
            if (process.isPresent() && hasOpen(process.get(), target)) {
                return member;
            }
        }
        return Links.UNKNOWN;
    }

    private static Optional<String> inode(Path table, int localPort, int remotePort) {
        try {
            return Files.readAllLines(table).stream().skip(1)
                    .map(line -> line.trim().split("\\s+", -1)).filter(row -> row.length > INODE)
                    .filter(row -> port(row[LOCAL]).equals(OptionalInt.of(localPort))
                            && port(row[REMOTE]).equals(OptionalInt.of(remotePort)))
                    .map(row -> row[INODE]).findFirst();
        } catch (IOException ignored) {
            return Optional.empty(); // Not a Linux with IPv6, or not a Linux.
        }
    }

    private static OptionalInt port(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0
                ? OptionalInt.empty()
                : OptionalInt.of(Integer.parseInt(
                        address.substring(colon + 1).toLowerCase(Locale.ROOT), 16));
    }

    /** A launcher may have made the server as a child. */
    private static boolean hasOpen(ProcessHandle process, String target) {
        return hasOpen(process.pid(), target)
                || process.descendants().anyMatch(child -> hasOpen(child.pid(), target));
    }

    private static boolean hasOpen(long pid, String target) {
        Path folder = Path.of("/proc", Long.toString(pid), "fd");
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                if (points(file, target)) {
                    return true;
                }
            }
        } catch (IOException | DirectoryIteratorException ignored) {
            return false; // It has just ended.
        }
        return false;
    }

    private static boolean points(Path file, String target) {
        try {
            return Files.readSymbolicLink(file).toString().equals(target);
        } catch (IOException ignored) {
            return false; // Closed since.
        }
    }
}
