// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.util.Locale;

/** Why an address could not be bound, in words for the operator, whichever transport was asked for it. */
final class BindReason {
    private static final int CAUSES_MAX = 8;
    private static final String UNCLEAR = "address in use or not available";

    private BindReason() {}

    /** The reason that {@code failure} or one of its causes tells. */
    static String of(Throwable failure) {
        Throwable one = failure;
        for (int depth = 0; one != null && depth < CAUSES_MAX; depth++) {
            String known = known(one);
            if (!known.isEmpty()) {
                return known;
            }
            one = one.getCause();
        }
        return UNCLEAR;
    }

    /* The native transport has no types for these, but the system's words. */
    private static String known(Throwable one) {
        if (one instanceof UnresolvedAddressException || one instanceof UnknownHostException) {
            return "no such host";
        }
        String words = String.valueOf(one.getMessage()).toLowerCase(Locale.ROOT);
        if (words.contains("already in use")) {
            return "address already in use";
        }
        if (words.contains("cannot assign requested address")) {
            return "not an address of this machine";
        }
        if (words.contains("permission denied")) {
            return "permission denied";
        }
        return one instanceof BindException ? String.valueOf(one.getMessage()) : "";
    }
}
