// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import java.io.File;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The class path of this test as a module path: what the build has made, as modules. */
final class ModulePath {
    /** Those that have a descriptor of their own. */
    static final Set<String> MODULES = Set.of("io.jangada.raft", "io.jangada.wal",
            "io.jangada.network", "io.jangada.raftnode", "io.jangada.mvcc", "io.jangada.checker");

    private ModulePath() {}

    /** The modules with these names and all that they require, beside the JDK's. */
    static Configuration resolve(Set<String> roots) {
        Set<String> names = new HashSet<>(roots);
        names.add("org.jspecify"); // Required by all of ours, but not at run time.
        return ModuleLayer.boot().configuration()
                .resolve(finder(), ModuleFinder.of(), names);
    }

    /** Where the modules of a configuration are, as an argument of java and javac. */
    static String argument(Configuration configuration) {
        List<String> places = new ArrayList<>();
        configuration.modules().forEach(module -> places
                .add(Path.of(module.reference().location().orElseThrow()).toString()));
        return String.join(File.pathSeparator, places);
    }

    private static ModuleFinder finder() {
        List<Path> usable = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            if (Files.exists(path) && isModule(path)) {
                usable.add(path);
            }
        }
        return ModuleFinder.of(usable.toArray(Path[]::new));
    }

    /** Whether it can be a module at all; a name of a file that gives no module name is none. */
    private static boolean isModule(Path path) {
        try {
            return !ModuleFinder.of(path).findAll().isEmpty();
        } catch (FindException ignored) {
            return false;
        }
    }
}
