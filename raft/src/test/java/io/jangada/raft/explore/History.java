// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened on the way to a state, as far as the properties ask for it: members forget in a crash
 * what they led and committed. Immutable.
 *
 * @param leaders by term, counted from 0: who has led it, counted from 1; 0 for nobody
 * @param committed what was committed, by index, counted from 0
 */
record History(List<Integer> leaders, List<Committed> committed) {
    /**
     * An entry that was committed.
     *
     * @param entry its number
     * @param term the term in which it was committed
     */
    record Committed(int entry, int term) {}

    static final History NONE = new History(List.of(), List.of());

    History {
        leaders = List.copyOf(leaders);
        committed = List.copyOf(committed);
    }

    /** With what {@code member}, counted from 0, adds in state {@code local}. */
    History with(int member, Local local) {
        boolean newLeader = local.leads && leader(local.term) == 0;
        boolean newCommitted = local.commit > committed.size();
        if (!newLeader && !newCommitted) {
            return this;
        }
        var lead = new ArrayList<>(leaders);
        if (newLeader) {
            while (lead.size() <= local.term) {
                lead.add(0);
            }
            lead.set(local.term, member + 1);
        }
        var all = new ArrayList<>(committed);
        while (all.size() < local.commit) {
            all.add(new Committed(local.log[all.size()], local.term));
        }
        return new History(lead, all);
    }

    int leader(int term) {
        return term < leaders.size() ? leaders.get(term) : 0;
    }
}
