// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

import io.jangada.checker.history.Response;
import io.jangada.raftnode.ChangeRefusal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The rare points that runs are to reach, by name, and how often one run did: what no run reaches, no run tests. For
 * one thread.
 */
public final class Marks {
    /** Where a message stands in a matrix with {@link Fate}. */
    enum Kind {
        APPEND, APPEND_ANSWER, REJECT, HEARTBEAT, HEARTBEAT_ANSWER, VOTE, PRE_VOTE, SNAPSHOT, HAND_OVER, PROPOSAL, READ, NOTE
    }

    /** What became of a message, other than to arrive soon and once. */
    enum Fate {
        LOST, CUT, BROKEN, LATE, TWICE
    }

    /** Whom a fault strikes. */
    enum Target {
        LEADER, FOLLOWER, LEARNER
    }

    /** A point that is none of a matrix. */
    enum Point {
        PRE_VOTE_GRANTED, PRE_VOTE_REFUSED, VOTE_GRANTED, VOTE_REFUSED, VOTE_IN_A_HAND_OVER, REJECT_WITH_A_HINT, REJECT_OF_AN_EMPTY_LOG, APPEND_OF_AN_EARLIER_TERM, APPEND_OF_MANY, CHANGE_FORWARDED, READ_OF_A_QUORUM, SNAPSHOT_TAKEN, SNAPSHOT_INSTALLED, SNAPSHOT_SENT_FOR_A_LEADER, DISK_FULL, DISK_WITH_ROOM_AGAIN, DISK_SLOW, REMOVED_BY_A_PEER, JOINT, STARTS_WITHOUT_ITS_VOTE, CRASH_WHILE_STARTING, START_REFUSED, CRASH_IN_A_WRITE, DISK_ENDS_A_MEMBER, LOG_SET_ASIDE, PARTITION_OF_ALL, PARTITION_TO_ONE, PARTITION_FROM_ONE, PARTITION_WITH_A_BRIDGE, LEADER_CUT_OFF, PARTITION_WHILE_JOINT, CRASH_WHILE_JOINT, HANDED_OVER, HAND_OVER_REFUSED, HAND_OVER_TOO_LATE, UNKNOWN, UNKNOWN_BUT_APPLIED, UNKNOWN_AND_APPLIED_LATER, UNKNOWN_AND_NEVER_APPLIED, TXN_SUCCEEDED, TXN_FAILED, LEASE_EXPIRED, WATCH_DECLINED, WATCH_RESUMED, WATCH_COMPACTED
    }

    /** A call that changes the members. */
    enum Change {
        ADD_LEARNER, ADD_VOTER, PROMOTE, REMOVE, REPLACE
    }

    private static final SortedSet<String> ALL = names();
    private final SortedMap<String, Long> counts = new TreeMap<>();

    Marks() {}

    private static SortedSet<String> names() {
        SortedSet<String> all = new TreeSet<>();
        for (Point point : Point.values()) {
            all.add(words(point));
        }
        for (Kind kind : Kind.values()) {
            for (Fate fate : Fate.values()) {
                if (fate != Fate.TWICE || (kind != Kind.PROPOSAL && kind != Kind.NOTE)) {
                    all.add(words(kind) + " " + words(fate));
                }
            }
        }
        for (Fault fault : List.of(Fault.CRASH, Fault.KILL, Fault.PAUSE, Fault.DELAY,
                Fault.SLOW_DISK,
                Fault.FAILED_DISK, Fault.FULL_DISK, Fault.DAMAGE, Fault.WIPE, Fault.ROLL_BACK,
                Fault.LOST_WRITE, Fault.MISDIRECTED_WRITE, Fault.READ_ERROR)) {
            for (Target target : Target.values()) {
                all.add(words(fault) + " of a " + words(target));
            }
        }
        for (Change change : Change.values()) {
            all.add(words(change) + " done");
            all.add(words(change) + " refused");
        }
        for (ChangeRefusal refusal : ChangeRefusal.values()) {
            all.add("change refused: " + words(refusal));
        }
        for (Response.Reason reason : Response.Reason.values()) {
            all.add("request refused: " + words(reason));
        }
        return Collections.unmodifiableSortedSet(all);
    }

    private static String words(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The names of all points. */
    public static SortedSet<String> all() {
        return ALL;
    }

    /** Those of all that {@code seen} does not have. */
    public static List<String> missing(Map<String, Long> seen) {
        List<String> missing = new ArrayList<>(ALL);
        missing.removeAll(seen.keySet());
        return missing;
    }

    void see(Point point) {
        see(words(point));
    }

    void see(Kind kind, Fate fate) {
        see(words(kind) + " " + words(fate));
    }

    void see(Fault fault, Target target) {
        see(words(fault) + " of a " + words(target));
    }

    void done(Change change) {
        see(words(change) + " done");
    }

    void refused(Change change, ChangeRefusal reason) {
        see(words(change) + " refused");
        see("change refused: " + words(reason));
    }

    void refused(Response.Reason reason) {
        see("request refused: " + words(reason));
    }

    private void see(String name) {
        if (!ALL.contains(name)) {
            throw new IllegalArgumentException("no point of the list: " + name);
        }
        counts.merge(name, 1L, Long::sum);
    }

    /** How often each was reached, those that were not left out. */
    SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(counts));
    }
}
