// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.reference;

import io.jangada.checker.history.Bytes;
import java.util.ArrayList;
import java.util.List;

/** What a simulated history is made of. */
public record Scenario(int operations, int clients, int keys, int watches, int unknownPercent,
        boolean leases, boolean compactions, boolean serializable, boolean repeatsValues) {

    /** With everything. */
    public static Scenario full(int operations) {
        return new Scenario(operations, 5, 6, 4, 5, true, true, true, false);
    }

    /** What a linearizability checker without revisions of its own can look at. */
    public static Scenario small(int operations, int unknownPercent) {
        return new Scenario(operations, 4, 2, 0, unknownPercent, false, false, false, true);
    }

    List<Bytes> keyList() {
        List<Bytes> list = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            list.add(Bytes.utf8("k" + i));
        }
        return list;
    }
}
