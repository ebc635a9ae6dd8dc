// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/**
 * How busy a {@link WatchHub} is. Immutable.
 *
 * @param watchers how many there are
 * @param slow how many of them are not synced, be it that they catch up or that they declined
 * @param eventsTold how many events watchers have taken so far; one that two have taken counts twice
 * @param eventsPending how many events are committed and wait for the hub's loop; 0 behind a gap
 */
public record WatchFigures(int watchers, int slow, long eventsTold, int eventsPending) {

    static final WatchFigures NONE = new WatchFigures(0, 0, 0, 0);

    WatchFigures withPending(int events) {
        return new WatchFigures(watchers, slow, eventsTold, events);
    }
}
