// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.LayoutBase;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/**
 * A log event as one line of JSON with the fields of etcd's: level, ts, caller, msg, then the
 * event's own keys. Thread-safe: no state.
 */
public final class JsonLayout extends LayoutBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME = DateTimeFormatter
            .ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** A layout; Logback starts it. */
    public JsonLayout() {}

    @Override
    public String doLayout(ILoggingEvent event) {
        var line = new StringBuilder(256);
        line.append('{');
        field(line, "level", event.getLevel().toString().toLowerCase(Locale.ROOT));
        line.append(',');
        field(line, "ts", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
        line.append(',');
        field(line, "caller", caller(event.getLoggerName()));
        line.append(',');
        field(line, "msg", event.getFormattedMessage());
        List<KeyValuePair> pairs = event.getKeyValuePairs();
        if (pairs != null) {
            for (KeyValuePair pair : pairs) {
                line.append(',');
                value(line, pair.key, pair.value);
            }
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            line.append(',');
            field(line, "error", thrown.getClassName() + ": " + thrown.getMessage());
        }
        return line.append("}\n").toString();
    }

    /** The last two parts of a logger's name, as etcd names package and file. */
    private static String caller(String logger) {
        int dot = logger.lastIndexOf('.');
        int before = dot < 0 ? -1 : logger.lastIndexOf('.', dot - 1);
        return logger.substring(before + 1).replace('.', '/');
    }

    private static void value(StringBuilder line, String key, @Nullable Object value) {
        if (value instanceof Number || value instanceof Boolean) {
            string(line, key);
            line.append(':').append(value);
            return;
        }
        field(line, key, String.valueOf(value));
    }

    private static void field(StringBuilder line, String key, String value) {
        string(line, key);
        line.append(':');
        string(line, value);
    }

    private static void string(StringBuilder line, @Nullable String text) {
        line.append('"');
        String value = String.valueOf(text);
        for (int i = 0; i < value.length(); i++) {
            character(line, value.charAt(i));
        }
        line.append('"');
    }

    private static void character(StringBuilder line, char c) {
        switch (c) {
            case '"' -> line.append("\\\"");
            case '\\' -> line.append("\\\\");
            case '\n' -> line.append("\\n");
            case '\r' -> line.append("\\r");
            case '\t' -> line.append("\\t");
            default -> {
                if (c < 0x20) {
                    line.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                } else {
                    line.append(c);
                }
            }
        }
    }
}
