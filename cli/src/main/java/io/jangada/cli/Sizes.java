// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import java.util.List;
import java.util.Locale;

/** Sizes for people, as etcdctl prints them. */
final class Sizes {
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB", "EB");
    private static final double STEP = 1_000;
    private static final double SHORT = 10;

    private Sizes() {}

    /** {@code bytes} in the largest unit that leaves 1 or more; one decimal below 10, and half to even above. */
    static String text(long bytes) {
        double value = (double) bytes;
        int unit = 0;
        while (value >= STEP) {
            value /= STEP;
            unit++;
        }
        double rounded = Math.floor(value * SHORT + 0.5) / SHORT;
        return rounded < SHORT && bytes >= SHORT
                ? String.format(Locale.ROOT, "%.1f %s", rounded, UNITS.get(unit))
                : String.format(Locale.ROOT, "%.0f %s", Math.rint(rounded), UNITS.get(unit));
    }
}
