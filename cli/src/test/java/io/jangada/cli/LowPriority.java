// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadFactory;

/**
 * Threads that run when nobody else wants to: clients that are only there to load a member would run on machines of their
 * own, and so take next to nothing of the cores that the member and whoever is measured share. A thread says what it is to
 * the system by itself, as it begins; where the system has no {@code chrt}, it is one like any other.
 */
final class LowPriority implements ThreadFactory {
    private static final Path SELF = Path.of("/proc/thread-self");

    private final String name;

    /** Threads called {@code name}. */
    LowPriority(String name) {
        this.name = name;
    }

    @Override
    public Thread newThread(Runnable task) {
        return Thread.ofPlatform().name(name).daemon().unstarted(() -> {
            lower();
            task.run();
        });
    }

    private static void lower() {
        try {
            String thread = Files.readSymbolicLink(SELF).getFileName().toString();
            int code = new ProcessBuilder("chrt", "--idle", "-p", "0", thread)
                    .redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start().waitFor();
            if (code != 0) {
                System.out
                        .println("scale: the load has no low priority: chrt ended with " + code);
            }
        } catch (IOException e) {
            System.out.println("scale: the load has no low priority: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
