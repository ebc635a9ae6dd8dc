// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that moves when it is told to. */
public final class ManualClock implements InstantSource {
    private final AtomicLong millis = new AtomicLong(Instant.now().toEpochMilli());

    /** {@code seconds} pass. */
    public void pass(long seconds) {
        millis.addAndGet(1_000 * seconds);
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis.get());
    }
}
