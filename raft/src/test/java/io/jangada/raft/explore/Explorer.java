// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.explore.Local.Step;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.quorum.JointConfig;
import io.jangada.raft.quorum.MajorityConfig;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Breadth first through the states of a group. A state is a row of numbers: the states of the members,
 * the history, what is left of the scope's budgets, and all messages ever sent that can still have an
 * effect, ascending. Messages stay, so that each may arrive late, again, or never. States are told
 * apart by a hash of 64 bits: among ten million the chance that two are mixed up is one in 400,000.
 */
final class Explorer {
    private static final int HISTORY = Scope.MEMBERS;
    private static final int BUDGET = HISTORY + 1;
    private static final int MESSAGES = BUDGET + 1;
    private static final int CHANGE_LEFT = 1;
    private static final int HEARTBEAT_LEFT = 2;
    private static final int CRASH_LEFT = 64;

    /**
     * How it went.
     *
     * @param states how many distinct states were met
     * @param depth the length of the longest way to one of them
     * @param steps how many steps between states were taken
     * @param ended whether there is no other state
     * @param violation the property that does not hold, and the way there; empty if all hold
     */
    record Result(int states, int depth, long steps, boolean ended, String violation) {}

    private final Scope scope;
    private final Table table;
    private final Properties properties;
    private final Map<History, Integer> historyNumbers = new HashMap<>();
    private final List<History> histories = new ArrayList<>();
    private final HashSet64 seen = new HashSet64();
    private int[][] states = new int[1 << 16][];
    private int[] parents = new int[1 << 16];
    private int[] events = new int[1 << 16];
    private int count;
    private long steps;
    private String violation = "";

    Explorer(Scope scope) {
        this.scope = scope;
        table = new Table(scope);
        properties = new Properties(table,
                new JointConfig(new MajorityConfig(IdSet.of(scope.voters().voters())),
                        MajorityConfig.EMPTY));
    }

    Table table() {
        return table;
    }

    /** The state in which all members start. */
    int[] start() {
        int[] state = new int[MESSAGES];
        for (int i = 0; i < Scope.MEMBERS; i++) {
            state[i] = table.start(i);
        }
        state[HISTORY] = number(History.NONE);
        state[BUDGET] = CRASH_LEFT * scope.limits().crashes()
                + HEARTBEAT_LEFT * scope.limits().heartbeats()
                + (scope.change().isPresent() ? CHANGE_LEFT : 0);
        return state;
    }

    /** The numbers of the messages of {@code state}. */
    int[] messages(int[] state) {
        return Arrays.copyOfRange(state, MESSAGES, state.length);
    }

    private int number(History history) {
        return historyNumbers.computeIfAbsent(history, added -> {
            histories.add(added);
            return histories.size() - 1;
        });
    }

    /** Explores from {@code start} until there is nothing new, or {@code statesMax} states are met. */
    Result explore(int[] start, int statesMax) {
        int first = count;
        add(start, -1, -1);
        int depth = 0;
        int levelEnd = count;
        int at = first;
        while (at < count && violation.isEmpty() && count - first < statesMax) {
            if (at == levelEnd) {
                depth++;
                levelEnd = count;
            }
            expand(at++);
        }
        return new Result(count - first, depth + 1, steps, at == count, violation);
    }

    private void expand(int at) {
        int[] state = states[at];
        for (int member = 0; member < Scope.MEMBERS && violation.isEmpty(); member++) {
            Local local = table.local(state[member]);
            boolean mayCrash = state[BUDGET] >= CRASH_LEFT;
            for (int event = 0; event < Table.DELIVER; event++) {
                if (isPossible(event, local, state[BUDGET])) {
                    tryEvent(at, member, event, mayCrash);
                }
            }
            for (int i = MESSAGES; i < state.length; i++) {
                if (table.message(state[i]).to() == member + 1) {
                    tryEvent(at, member, Table.DELIVER + state[i], mayCrash);
                }
            }
        }
        states[at] = new int[0]; // Not needed any more.
    }

    private boolean isPossible(int event, Local local, int budget) {
        return switch (event) {
            case Table.CAMPAIGN -> !local.leads && local.term < scope.limits().terms();
            case Table.PROPOSE -> local.leads && local.log.length < scope.limits().entries();
            case Table.CHANGE -> local.leads && (budget & CHANGE_LEFT) != 0;
            case Table.HEARTBEAT -> local.leads && budget % CRASH_LEFT >= HEARTBEAT_LEFT;
            case Table.WRITTEN -> local.isWriting;
            case Table.CRASH -> budget >= CRASH_LEFT;
            default -> throw new IllegalArgumentException("event " + event);
        };
    }

    private void tryEvent(int at, int member, int event, boolean mayCrash) {
        take(at, member, event * 2);
        if (mayCrash && event != Table.CRASH && event != Table.WRITTEN
                && scope.disk() == Scope.Disk.FAST) {
            take(at, member, event * 2 + 1);
        }
    }

    private void take(int at, int member, int event) {
        int[] next;
        try {
            next = after(states[at], member, event);
        } catch (InvariantViolation broken) {
            violation = broken.getMessage() + way(at) + "\n" + describe(member, event);
            return;
        }
        steps++;
        if (next != null) {
            add(next, at, (member << 28) | event);
        }
    }

    /** What {@code event} at {@code member} makes of {@code state}; null if nothing. */
    int @Nullable [] after(int[] state, int member, int event) {
        Step step = table.step(member, state[member], event);
        int budget = state[BUDGET] - cost(event);
        if (step.next == state[member] && containsAll(state, step.sent)) {
            return null;
        }
        int[] next = withMessages(state, member, step);
        next[BUDGET] = budget;
        next[HISTORY] = number(histories.get(state[HISTORY])
                .with(member, table.local(step.next)));
        return next;
    }

    private static int cost(int event) {
        int crash = event % 2 == 1 || event / 2 == Table.CRASH ? CRASH_LEFT : 0;
        return crash + switch (event / 2) {
            case Table.CHANGE -> CHANGE_LEFT;
            case Table.HEARTBEAT -> HEARTBEAT_LEFT;
            default -> 0;
        };
    }

    private static boolean containsAll(int[] state, int[] messages) {
        for (int message : messages) {
            if (Arrays.binarySearch(state, MESSAGES, state.length, message) < 0) {
                return false;
            }
        }
        return true;
    }

    private int[] withMessages(int[] state, int member, Step step) {
        int[] next = new int[state.length + step.sent.length];
        System.arraycopy(state, 0, next, 0, BUDGET);
        next[member] = step.next;
        int length = MESSAGES;
        int i = MESSAGES;
        int j = 0;
        while (i < state.length || j < step.sent.length) {
            boolean old = j == step.sent.length
                    || (i < state.length && state[i] <= step.sent[j]);
            int message = old ? state[i++] : step.sent[j++];
            if ((length == MESSAGES || next[length - 1] != message) && isAlive(next, message)) {
                next[length++] = message;
            }
        }
        return Arrays.copyOf(next, length);
    }

    /** Without check-quorum and pre-vote, a message below a term that is on disk is ignored for ever. */
    private boolean isAlive(int[] state, int message) {
        var sent = table.message(message);
        return sent.term() >= table.local(state[(int) sent.to() - 1]).durableTerm;
    }

    private void add(int[] state, int parent, int event) {
        if (!seen.add(hash(state))) {
            return;
        }
        if (count == states.length) {
            states = Arrays.copyOf(states, count * 2);
            parents = Arrays.copyOf(parents, count * 2);
            events = Arrays.copyOf(events, count * 2);
        }
        states[count] = state;
        parents[count] = parent;
        events[count] = event;
        count++;
        Local[] members = {
            table.local(state[0]), table.local(state[1]), table.local(state[2])};
        String violated = properties.violated(members, histories.get(state[HISTORY]));
        if (!violated.isEmpty()) {
            violation = violated + way(count - 1);
        }
    }

    private static long hash(int[] state) {
        long hash = state.length;
        for (int number : state) {
            hash = (hash ^ number) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return hash * 0xBF58476D1CE4E5B9L;
    }

    private String way(int to) {
        var way = new ArrayList<String>();
        for (int at = to; parents[at] >= 0; at = parents[at]) {
            way.add(describe(events[at] >>> 28, events[at] & ((1 << 28) - 1)));
        }
        return "\n" + String.join("\n", way.reversed());
    }

    private String describe(int member, int event) {
        return (member + 1) + ": " + table.describe(event);
    }
}
