// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.server.config.Versions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints versions. The first line is etcd's, because tools choose flag names by it. */
@Command(name = "version", description = "Print the version.")
final class VersionCommand implements Callable<Integer> {
    @Override
    public Integer call() {
        System.out.println("etcd Version: " + Versions.ETCD);
        System.out.println("Jangada Version: " + jangadaVersion());
        System.out.println("Java Version: " + Runtime.version());
        System.out.println(
                "OS/Arch: " + System.getProperty("os.name") + "/" + System.getProperty("os.arch"));
        return 0;
    }

    static String jangadaVersion() {
        String version = VersionCommand.class.getPackage().getImplementationVersion();
        return version == null ? "unreleased" : version;
    }
}
