// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Why TLS failed, as one line for an operator: the TLS libraries nest it and put it in their own words. Pure functions. */
final class TlsFailure {
    private static final int CAUSES_MAX = 16;

    private TlsFailure() {}

    /** Whether {@code cause} is TLS's, or has such a cause. */
    static boolean isTls(Throwable cause) {
        return find(cause, SSLException.class) != null;
    }

    /** What happened. */
    static String reason(Throwable cause) {
        if (find(cause, NotSslRecordException.class) != null) {
            return "the other end does not speak TLS";
        }
        if (find(cause, ClosedChannelException.class) != null) {
            return "the other end closed the connection in the TLS handshake";
        }
        if (find(cause, CertificateExpiredException.class) != null
                || find(cause, CertificateNotYetValidException.class) != null) {
            return "the other end's certificate is out of date: " + last(cause).getMessage();
        }
        if (find(cause, CertificateException.class) != null) {
            return "the other end's certificate is not accepted: " + last(cause).getMessage();
        }
        return "TLS failed: " + last(cause).getMessage();
    }

    private static Throwable last(Throwable cause) {
        Throwable last = cause;
        for (int i = 0; i < CAUSES_MAX && last.getCause() != null; i++) {
            last = last.getCause();
        }
        return last;
    }

    private static <T extends Throwable> @Nullable T find(Throwable cause,
            Class<T> type) {
        Throwable next = cause;
        for (int i = 0; i < CAUSES_MAX && next != null; i++) {
            if (type.isInstance(next)) {
                return type.cast(next);
            }
            next = next.getCause();
        }
        return null;
    }
}
