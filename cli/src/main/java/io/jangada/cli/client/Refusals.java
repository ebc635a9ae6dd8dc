// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.client;

import io.grpc.Status;
import io.grpc.Status.Code;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a call's end means in the words of etcd's client. */
public final class Refusals {
    /** A request got no answer in time. */
    public static final String OUT_OF_TIME = "context deadline exceeded";

    private static final String OF_THE_SERVER = "etcdserver: ";

    private Refusals() {}

    /** The text for the user: the server's own where it has one. */
    public static String text(Status status) {
        String description = String.valueOf(status.getDescription());
        if (description.startsWith(OF_THE_SERVER)) {
            return description;
        }
        if (status.getCode() == Code.DEADLINE_EXCEEDED) {
            return OUT_OF_TIME;
        }
        Throwable cause = status.getCause();
        return "rpc error: code = " + name(status.getCode()) + " desc = " + description
                + (cause == null ? "" : ": " + cause.getMessage());
    }

    /** {@code FAILED_PRECONDITION} as {@code FailedPrecondition}. */
    private static String name(Code code) {
        return Arrays.stream(code.name().split("_", -1))
                .map(word -> word.charAt(0)
                        + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }
}
