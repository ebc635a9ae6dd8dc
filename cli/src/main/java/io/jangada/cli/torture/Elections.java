// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import io.jangada.api.etcd.StatusResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The terms that had a leader, as the members say. That two members lead in one term cannot be told from outside: a
 * member's answer has its term and its leader from two moments. Thread-safe: a concurrent set.
 */
final class Elections {
    private final Set<Long> terms = ConcurrentHashMap.newKeySet();

    /** Asks every member once. */
    void look(List<Member> members) {
        for (Member member : members) {
            member.status().ifPresent(this::seen);
        }
    }

    /** A member says this. */
    void seen(StatusResponse status) {
        if (status.getLeader() != 0) {
            terms.add(status.getRaftTerm());
        }
    }

    /** How many terms were seen. */
    int count() {
        return terms.size();
    }
}
