// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as Go's flags spell them: {@code 1h30m}, {@code 500ms}, {@code 1.5s}. */
public final class GoDuration {
    private static final Pattern PART = Pattern
            .compile("(\\d+(?:\\.\\d*)?|\\.\\d+)(ns|us|µs|ms|s|m|h)");

    private GoDuration() {}

    /**
     * Reads a duration that is not negative.
     *
     * @param flag names it in the refusal
     * @throws ConfigException if {@code text} is none
     */
    public static Duration parse(String flag, String text) throws ConfigException {
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        Matcher parts = PART.matcher(text);
        BigDecimal nanos = BigDecimal.ZERO;
        int position = 0;
        while (position < text.length() && parts.find(position) && parts.start() == position) {
            nanos = nanos.add(new BigDecimal(parts.group(1)).multiply(
                    BigDecimal.valueOf(nanosPer(parts.group(2)))));
            position = parts.end();
        }
        boolean isWhole = position == text.length() && !text.isEmpty();
        if (!isWhole || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new ConfigException(flag + " is \"" + text + "\", not a duration such as 1h30m");
        }
        return Duration.ofNanos(nanos.longValue());
    }

    private static long nanosPer(String unit) {
        return switch (unit) {
            case "ns" -> 1;
            case "us", "µs" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            case "m" -> 60_000_000_000L;
            default -> 3_600_000_000_000L;
        };
    }
}
