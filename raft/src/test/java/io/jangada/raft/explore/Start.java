// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

/** Where an exploration starts. */
enum Start {
    /** Nothing has happened. */
    FRESH,
    /** Member 1 leads. */
    LEADER,
    /** What is committed is the leader's first entry. */
    COMMITTED,
    /** The leader has proposed the change of the scope. */
    CHANGING,
    /** Two entries are committed, and the follower that has them leads after a crash of the leader. */
    HANDED_OVER,
    /** Two members have led, in terms 1 and 2, and nobody has got an entry of theirs. */
    TWO_LEADERS,
    /** The first of the two leads again, in term 3, and still has its old entry (thesis figure 3.7). */
    OLD_ENTRY;

    /** The state there. */
    int[] state(Explorer explorer) {
        return lead(new Script(explorer)).state();
    }

    private Script lead(Script script) {
        return switch (this) {
            case FRESH -> script;
            case LEADER -> script.elect(1, 2);
            case COMMITTED -> script.elect(1, 2).replicate(1, 2);
            case CHANGING -> COMMITTED.lead(script).change(1);
            case HANDED_OVER -> COMMITTED.lead(script).propose(1).replicate(1, 2).crash(1)
                    .elect(2, 1);
            case TWO_LEADERS -> script.elect(1, 2).campaign(3).elect(3, 2);
            case OLD_ENTRY -> TWO_LEADERS.lead(script).crash(1).campaign(1).elect(1, 2);
        };
    }
}
