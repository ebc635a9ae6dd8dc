// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.confchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.tracker.Progress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * From every configuration of three ids that can be reached, every change of up to two steps, simple
 * and joint, leads where the naive rules lead, or is refused with the same words.
 */
class ChangerOracleTest {
    private static final long LAST_INDEX = 7;
    private static final long MATCH = 5;
    /** Configurations of three ids that can be reached, joint ones included. */
    private static final int REACHED = 250;

    private record Pair(Changed changed, NaiveConfig naive) {}

    private interface Change<T> {
        T on(T from) throws ConfChangeException;
    }

    private final Map<ConfState, Pair> reached = new HashMap<>();
    private final ArrayDeque<Pair> open = new ArrayDeque<>();
    private int compared;

    private static List<List<ConfChangeSingle>> changeLists() {
        var singles = new ArrayList<ConfChangeSingle>();
        for (ConfChangeType type : ConfChangeType.values()) {
            for (long id = 0; id <= 3; id++) {
                singles.add(new ConfChangeSingle(type, id));
            }
        }
        var lists = new ArrayList<List<ConfChangeSingle>>();
        lists.add(List.of());
        for (ConfChangeSingle first : singles) {
            lists.add(List.of(first));
            singles.forEach(second -> lists.add(List.of(first, second)));
        }
        return lists;
    }

    @Test
    void everyChangeFromEveryConfigurationIsAsTheRulesSay() {
        reach(new Pair(Changed.NOBODY, new NaiveConfig()));
        List<List<ConfChangeSingle>> lists = changeLists();
        while (!open.isEmpty()) {
            Pair from = open.remove();
            compare(from, "leave", changed -> changer(changed).leaveJoint(),
                    NaiveConfig::leaveJoint);
            for (List<ConfChangeSingle> list : lists) {
                compare(from, "simple " + list, changed -> changer(changed).simple(list),
                        naive -> naive.simple(list));
                for (boolean auto : new boolean[]{true, false}) {
                    compare(from, "enter " + auto + list,
                            changed -> changer(changed).enterJoint(auto, list),
                            naive -> naive.enterJoint(auto, list));
                }
            }
        }
        assertThat(reached).hasSize(REACHED);
        assertThat(compared).isEqualTo(REACHED * (1 + 3 * lists.size()));
    }

    private static Changer changer(Changed from) {
        return new Changer(from, LAST_INDEX, 8, 0);
    }

    private void reach(Pair pair) {
        if (reached.putIfAbsent(pair.naive().confState(), pair) == null) {
            for (int i = 0; i < pair.changed().progress().size(); i++) {
                pair.changed().progress().at(i).maybeUpdate(MATCH);
            }
            open.add(pair);
        }
    }

    private void compare(Pair from, String what, Change<Changed> change,
            Change<NaiveConfig> naiveChange) {
        compared++;
        String text = from.changed().config() + ": " + what;
        NaiveConfig expected;
        try {
            expected = naiveChange.on(from.naive());
        } catch (ConfChangeException refused) {
            assertRefused(from, change, String.valueOf(refused.getMessage()), text);
            return;
        }
        Changed actual;
        try {
            actual = change.on(from.changed());
        } catch (ConfChangeException refused) {
            throw new AssertionError(text, refused);
        }
        if (!actual.config().toConfState().equals(expected.confState())) {
            assertThat(actual.config().toConfState()).as(text).isEqualTo(expected.confState());
        }
        assertProgress(actual, expected, text);
        reach(new Pair(actual, expected));
    }

    private static void assertRefused(Pair from, Change<Changed> change, String words,
            String text) {
        ConfState before = from.changed().config().toConfState();
        try {
            change.on(from.changed());
        } catch (ConfChangeException refused) {
            assertThat(refused).as(text).hasMessage(words);
            assertThat(from.changed().config().toConfState()).as(text).isEqualTo(before);
            return;
        }
        throw new AssertionError(text + ": not refused, should be: " + words);
    }

    /** Who was a member keeps its progress; who becomes one begins as a probe that counts as active. */
    private static void assertProgress(Changed actual, NaiveConfig expected, String text) {
        boolean same = actual.progress().size() == expected.members.size();
        for (var member : expected.members.entrySet()) {
            Progress progress = actual.progress().progress(member.getKey()).orElseThrow(
                    () -> new AssertionError(text + ": no progress of " + member.getKey()));
            NaiveConfig.Marks marks = member.getValue();
            same &= progress.isLearner() == marks.learner
                    && progress.match() == (marks.fresh ? 0 : MATCH)
                    && progress.next() == LAST_INDEX && progress.isRecentActive();
        }
        if (!same) {
            throw new AssertionError(text + ": progress of " + actual.config());
        }
    }
}
