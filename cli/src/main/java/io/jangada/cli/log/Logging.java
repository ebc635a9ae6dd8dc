// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.util.List;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up Logback: one appender to standard error, as etcd logs by default. */
public final class Logging {
    /** The levels of etcd's --log-level, from the most talkative on. */
    public static final List<String> LEVELS = List.of("debug", "info", "warn", "error", "panic",
            "fatal");
    /** The formats of etcd's --log-format. */
    public static final List<String> FORMATS = List.of("json", "console");

    private Logging() {}

    /**
     * Logs from now on at {@code level} in {@code format}. Called once, before anything logs.
     *
     * @param level one of {@link #LEVELS}
     * @param format one of {@link #FORMATS}
     */
    public static void configure(String level, String format) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        LayoutBase<ILoggingEvent> layout = format.equals("console")
                ? new ConsoleLayout()
                : new JsonLayout();
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setContext(context);
        appender.setTarget("System.err");
        appender.setEncoder(encoder);
        appender.start();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(threshold(level));
        root.addAppender(appender);
        // What libraries say below a warning is not for operators.
        context.getLogger("io.grpc").setLevel(Level.ERROR);
        context.getLogger("io.netty").setLevel(Level.WARN);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static Level threshold(String level) {
        return switch (level) {
            case "panic", "fatal" -> Level.ERROR;
            default -> Level.toLevel(level, Level.INFO);
        };
    }
}
