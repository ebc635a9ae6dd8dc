// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import java.nio.file.FileSystemException;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A member that could not start. The message is one line for the operator. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int CAUSES_MAX = 3;

    /** Refused for the reason {@code line}. */
    public StartException(String line) {
        super(line);
    }

    /** Refused for the reason {@code line}, which {@code cause} explains. */
    public StartException(String line, Throwable cause) {
        super(line, cause);
    }

    /** The refusal that {@code failure} means, in its own words and its causes', as one line. */
    static StartException because(Throwable failure) {
        StringJoiner line = new StringJoiner(": ");
        Throwable one = failure;
        for (int depth = 0; one != null && depth < CAUSES_MAX; depth++) {
            String message = message(one);
            boolean isSaid = message != null && line.toString().contains(message);
            if (!isSaid) {
                line.add(message == null ? one.getClass().getSimpleName() : oneLine(message));
            }
            one = one.getCause();
        }
        return new StartException(line.toString(), failure);
    }

    /* That of a file system's exception may be the name of a file alone. */
    private static @Nullable String message(Throwable one) {
        return one instanceof FileSystemException file && file.getReason() == null
                ? file.getClass().getSimpleName() + ": " + file.getMessage()
                : one.getMessage();
    }

    private static String oneLine(String message) {
        return message.lines().map(String::strip).collect(Collectors.joining(" "));
    }
}
