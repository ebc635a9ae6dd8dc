// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the recorded traces are. */
final class ConformanceFolder {
    private ConformanceFolder() {}

    /** The folder that the property {@code conformance.dir} names, or the one beside the checkout. */
    static Path locate() {
        String given = System.getProperty("conformance.dir", "");
        return given.isEmpty()
                ? checkout().resolveSibling("shared").resolve("conformance")
                : Path.of(given);
    }

    /** The folder of this checkout. */
    static Path checkout() {
        Path start = Path.of("").toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve(".git"))) {
                return at;
            }
        }
        return start;
    }
}
