// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The events of a call stay in order, whichever of them have to wait. */
class EventQueueTest {
    private final EventQueue events = new EventQueue();
    private final List<String> ran = new ArrayList<>();

    private void waiting(String name) {
        events.run(() -> {
            ran.add(name + " asks");
            events.hold();
        });
    }

    @Test
    void anEventThatWaitsHoldsUpThoseBehindIt() {
        waiting("first");
        events.run(() -> ran.add("second"));
        assertThat(ran).containsExactly("first asks");
        events.release(() -> ran.add("first"));
        assertThat(ran).containsExactly("first asks", "first", "second");
    }

    @Test
    void oneThatCameMeanwhileMayWaitToo() {
        waiting("first");
        waiting("second");
        events.run(() -> ran.add("third"));
        events.release(() -> ran.add("first"));
        assertThat(ran).containsExactly("first asks", "first", "second asks");
        events.release(() -> ran.add("second"));
        assertThat(ran).containsExactly("first asks", "first", "second asks", "second", "third");
        events.run(() -> ran.add("fourth"));
        assertThat(ran).endsWith("fourth");
    }
}
