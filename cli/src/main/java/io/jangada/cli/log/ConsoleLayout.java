// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.util.List;
import org.slf4j.event.KeyValuePair;

/** A log event as one line for a person: time, level, logger, message, keys. Thread-safe: no state. */
public final class ConsoleLayout extends LayoutBase<ILoggingEvent> {

    /** A layout; Logback starts it. */
    public ConsoleLayout() {}

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(160);
        line.append(Instant.ofEpochMilli(event.getTimeStamp()))
                .append('\t').append(event.getLevel())
                .append('\t').append(event.getLoggerName())
                .append('\t').append(event.getFormattedMessage());
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                line.append(' ').append(pair.key).append('=').append(pair.value);
            }
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(" error=").append(thrown.getClassName()).append(": ")
                    .append(thrown.getMessage());
        }
        return line.append('\n').toString();
    }
}
