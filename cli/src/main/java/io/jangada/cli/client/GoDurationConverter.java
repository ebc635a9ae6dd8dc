// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.jangada.server.config.ConfigException;
import io.jangada.server.config.GoDuration;
import java.time.Duration;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as Go's flags have them: {@code 5s}, {@code 1m30s}. */
final class GoDurationConverter implements ITypeConverter<Duration> {
    @Override
    public Duration convert(String text) {
        try {
            return GoDuration.parse("it", text);
        } catch (ConfigException refused) {
            throw new TypeConversionException(String.valueOf(refused.getMessage()));
        }
    }
}
