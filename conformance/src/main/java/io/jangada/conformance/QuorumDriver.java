// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.raft.quorum.IdSet;
import io.jangada.raft.quorum.JointConfig;
import io.jangada.raft.quorum.MajorityConfig;
import io.jangada.raft.quorum.Vote;
import io.jangada.raft.quorum.VoteResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.function.LongUnaryOperator;

/** Drives the arithmetic of quorums. */
final class QuorumDriver implements Driver {
    @Override
    public String run(Directive directive) {
        List<Long> first = ids(directive, "cfg");
        List<Long> second = ids(directive, "cfgj");
        var config = new JointConfig(new MajorityConfig(IdSet.of(first)),
                new MajorityConfig(IdSet.of(second)));
        SequencedSet<Long> voters = new LinkedHashSet<>(first);
        voters.addAll(second);
        return switch (directive.command()) {
            case "committed" -> committed(config, known(directive, "idx", voters));
            case "vote" -> vote(config, known(directive, "votes", voters));
            default -> "unknown command";
        };
    }

    private static List<Long> ids(Directive directive, String key) {
        List<String> values = directive.values(key).orElse(List.of());
        return values.equals(List.of("zero")) ? List.of() : directive.ids(key);
    }

    private static Map<Long, String> known(Directive directive, String key,
            SequencedSet<Long> voters) {
        List<String> values = directive.values(key).orElse(List.of());
        if (values.size() != voters.size()) {
            throw new IllegalArgumentException(values.size() + " values for " + voters);
        }
        Map<Long, String> known = new HashMap<>();
        int at = 0;
        for (long id : voters) {
            String value = values.get(at++);
            if (!value.equals("_")) {
                known.put(id, value);
            }
        }
        return known;
    }

    private static String vote(JointConfig config, Map<Long, String> votes) {
        VoteResult result = config.voteResult(id -> switch (votes.getOrDefault(id, "_")) {
            case "y" -> Vote.GRANTED;
            case "n" -> Vote.REFUSED;
            case "_" -> Vote.MISSING;
            default -> throw new IllegalArgumentException("a vote is none of y, n, _");
        });
        return switch (result) {
            case WON -> "VoteWon";
            case LOST -> "VoteLost";
            case PENDING -> "VotePending";
        };
    }

    private static String committed(JointConfig config, Map<Long, String> indexes) {
        LongUnaryOperator acknowledged = id -> Directive.id(indexes.getOrDefault(id, "0"));
        long committed = config.committedIndex(acknowledged);
        String violation = violation(config, acknowledged, committed);
        String result = committed == MajorityConfig.UNLIMITED ? "∞" : Long.toString(committed);
        return describe(config.voters(), indexes) + violation + result;
    }

    /** What must hold besides: empty and equal halves do not matter, nor does their order. */
    private static String violation(JointConfig config, LongUnaryOperator acknowledged,
            long committed) {
        var swapped = new JointConfig(config.outgoing(), config.incoming());
        var twice = new JointConfig(config.incoming(), config.incoming());
        var alone = new JointConfig(config.incoming(), MajorityConfig.EMPTY);
        boolean holds = swapped.committedIndex(acknowledged) == committed
                && twice.committedIndex(acknowledged) == alone.committedIndex(acknowledged)
                && config.committedIndex(id -> {
                    long index = acknowledged.applyAsLong(id);
                    return index < committed ? 0 : index;
                }) == committed;
        return holds ? "" : "quorum laws are broken\n";
    }

    static String describe(IdSet voters, Map<Long, String> indexes) {
        if (voters.isEmpty()) {
            return "<empty majority quorum>";
        }
        int count = voters.size();
        Map<Long, Integer> bars = bars(voters, indexes);
        var text = new StringBuilder(" ".repeat(count)).append("    idx\n");
        for (long id : voters.toArray()) {
            int bar = bars.getOrDefault(id, 0);
            text.append(indexes.containsKey(id)
                    ? "x".repeat(bar) + ">" + " ".repeat(count - bar)
                    : "?" + " ".repeat(count));
            text.append(' ').append(padded(indexes.getOrDefault(id, "0")));
            text.append("    (id=").append(Long.toHexString(id)).append(")\n");
        }
        return text.toString();
    }

    private static String padded(String number) {
        return " ".repeat(Math.max(0, 5 - number.length())) + number;
    }

    private static Map<Long, Integer> bars(IdSet voters, Map<Long, String> indexes) {
        var sorted = new ArrayList<>(voters.toList());
        sorted.sort(Comparator
                .comparingLong((Long id) -> Directive.id(indexes.getOrDefault(id, "0")))
                .thenComparing(id -> id));
        Map<Long, Integer> bars = new HashMap<>();
        for (int i = 0; i < sorted.size(); i++) {
            long index = Directive.id(indexes.getOrDefault(sorted.get(i), "0"));
            long before = i == 0
                    ? index
                    : Directive.id(indexes.getOrDefault(sorted.get(i - 1), "0"));
            int bar = i == 0 ? 0 : index > before ? i : bars.getOrDefault(sorted.get(i - 1), 0);
            bars.put(sorted.get(i), bar);
        }
        return bars;
    }
}
