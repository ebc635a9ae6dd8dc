// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.ArrayList;
import java.util.List;

/** Gathers what one watcher is told. Belongs to its builder's thread. */
public final class WatchRecorder {
    private final int id;
    private final long client;
    private final long callNanos;
    private final WatchRequest request;
    private final List<WatchResponse> responses = new ArrayList<>();

    WatchRecorder(int id, long client, long callNanos, WatchRequest request) {
        this.id = id;
        this.client = client;
        this.callNanos = callNanos;
        this.request = request;
    }

    /** Adds what the watcher was told next. */
    public void told(WatchResponse response) {
        responses.add(response);
    }

    Watch watch() {
        return new Watch(id, client, callNanos, request, responses);
    }
}
