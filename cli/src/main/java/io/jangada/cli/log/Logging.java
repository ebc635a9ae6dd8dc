// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.Encoder;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.spi.ContextAware;
import io.jangada.server.config.LogRotation;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** Sets up Logback: to standard error, as etcd logs by default, or where --log-outputs says. */
public final class Logging {
    /** The levels of etcd's --log-level, from the most talkative on. */
    public static final List<String> LEVELS = List.of("debug", "info", "warn", "error", "panic",
            "fatal");
    /** The formats of etcd's --log-format. */
    public static final List<String> FORMATS = List.of("json", "console");

    private Logging() {}

    /**
     * Logs from now on to standard error.
     *
     * @see #configure(String, String, List)
     */
    public static void configure(String level, String format) {
        configure(level, format, List.of("default"));
    }

    /**
     * Logs from now on at {@code level} in {@code format}. Called before anything logs.
     *
     * @param level one of {@link #LEVELS}
     * @param format one of {@link #FORMATS}
     * @param outputs {@code default} or {@code stderr}, {@code stdout}, or paths of files, which grow
     * @throws IllegalArgumentException if a file cannot be written
     */
    public static void configure(String level, String format, List<String> outputs) {
        configure(level, format, outputs, Logging::growing);
    }

    /**
     * The same, but that files make way for new ones as {@code rotation} says.
     *
     * @throws IllegalArgumentException if a file cannot be written
     */
    public static void configure(String level, String format, List<String> outputs,
            LogRotation rotation) {
        configure(level, format, outputs, path -> rotated(path, rotation));
    }

    private static void configure(String level, String format, List<String> outputs,
            Function<String, FileAppender<ILoggingEvent>> files) {
        var context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.setLevel(threshold(level));
        for (String output : outputs) {
            root.addAppender(appender(context, format, output, files));
        }
        // What libraries say below a warning is not for operators.
        context.getLogger("io.grpc").setLevel(Level.ERROR);
        context.getLogger("io.netty").setLevel(Level.WARN);
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    private static Appender<ILoggingEvent> appender(LoggerContext context, String format,
            String output, Function<String, FileAppender<ILoggingEvent>> files) {
        OutputStreamAppender<ILoggingEvent> appender = switch (output) {
            case "default", "stderr", "systemd/journal" -> console("System.err");
            case "stdout" -> console("System.out");
            default -> files.apply(output);
        };
        appender.setContext(context);
        appender.setEncoder(encoder(context, format));
        if (appender instanceof RollingFileAppender<ILoggingEvent> rolling) {
            ContextAware policy = (ContextAware) rolling.getTriggeringPolicy();
            policy.setContext(context);
            rolling.getTriggeringPolicy().start();
        }
        appender.start();
        if (!appender.isStarted()) {
            throw new IllegalArgumentException("--log-outputs: " + output + " cannot be written");
        }
        return appender;
    }

    private static ConsoleAppender<ILoggingEvent> console(String target) {
        var appender = new ConsoleAppender<ILoggingEvent>();
        appender.setTarget(target);
        return appender;
    }

    private static FileAppender<ILoggingEvent> growing(String path) {
        var appender = new FileAppender<ILoggingEvent>();
        appender.setFile(path);
        return appender;
    }

    private static FileAppender<ILoggingEvent> rotated(String path, LogRotation rotation) {
        RotationPolicy policy = new RotationPolicy(path, rotation, InstantSource.system(),
                cleaner());
        var appender = new RollingFileAppender<ILoggingEvent>();
        // First: what an appender without one has to say, it prints.
        appender.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
        appender.setFile(path);
        appender.setRollingPolicy(policy);
        appender.setTriggeringPolicy(policy);
        return appender;
    }

    /* One that waits does the work of all that came since. */
    private static Executor cleaner() {
        return new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1),
                Thread.ofPlatform().daemon().name("log-clean-up").factory(),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    private static Encoder<ILoggingEvent> encoder(LoggerContext context, String format) {
        LayoutBase<ILoggingEvent> layout = format.equals("console")
                ? new ConsoleLayout()
                : new JsonLayout();
        layout.setContext(context);
        layout.start();
        var encoder = new LayoutWrappingEncoder<ILoggingEvent>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.start();
        return encoder;
    }

    private static Level threshold(String level) {
        return switch (level) {
            case "panic", "fatal" -> Level.ERROR;
            default -> Level.toLevel(level, Level.INFO);
        };
    }
}
