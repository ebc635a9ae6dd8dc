// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.TriggeringPolicyBase;
import ch.qos.logback.core.rolling.helper.CompressionMode;
import io.jangada.server.config.LogRotation;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.Executor;

/**
 * Tells Logback when the log file is full, and puts it among its {@link Backups} then. A file is full once it has
 * the size given, so that the last line may go beyond. Logback calls it under its lock; what takes long is left to
 * an executor.
 */
final class RotationPolicy extends TriggeringPolicyBase<ILoggingEvent> implements RollingPolicy {
    private final String path;
    private final long bytesMax;
    private final Backups backups;
    private final Executor background;

    /**
     * For the file {@code path}.
     *
     * @param background runs tasks one at a time; may drop one while another waits
     */
    RotationPolicy(String path, LogRotation rotation, InstantSource clock, Executor background) {
        this.path = path;
        this.background = background;
        bytesMax = (long) rotation.megabytesMax() << 20;
        backups = new Backups(Path.of(path), rotation, clock);
    }

    @Override
    public void start() {
        super.start();
        background.execute(this::cleanUp);
    }

    @Override
    public boolean isTriggeringEvent(File activeFile, ILoggingEvent event) {
        return activeFile.length() >= bytesMax;
    }

    @Override
    public void rollover() {
        try {
            backups.add();
        } catch (IOException failed) {
            throw new RolloverFailure("cannot rename " + path, failed);
        }
        background.execute(this::cleanUp);
    }

    private void cleanUp() {
        try {
            backups.cleanUp();
        } catch (IOException failed) {
            addWarn("cannot clean up behind " + path, failed);
        }
    }

    @Override
    public String getActiveFileName() {
        return path;
    }

    @Override
    public CompressionMode getCompressionMode() {
        return CompressionMode.NONE;
    }

    @Override
    public void setParent(FileAppender<?> appender) {}
}
