// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.CorruptHash;
import io.jangada.api.etcd.CorruptReport;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What the reports for one check say. Immutable; the same on every member.
 *
 * <p>Only what must be equal is compared: states after the same entry, in all; histories under
 * compactions, where revision and compact revision are equal. What more than half of the voters hold is
 * what everybody should.
 *
 * @param differing members that hold something else than a majority of the voters
 * @param agreeing members that hold at least once what a majority holds, and never something else
 * @param isSplit whether all voters have reported and no majority holds the same
 * @param hasDifferences whether there are two reports that differ, whoever is right
 */
public record HashTally(Set<Long> differing, Set<Long> agreeing, boolean isSplit,
        boolean hasDifferences) {

    public HashTally {
        differing = Collections.unmodifiableSet(new TreeSet<>(differing));
        agreeing = Collections.unmodifiableSet(new TreeSet<>(agreeing));
    }

    /** Where hashes must be equal. */
    private record Place(int format, long revision, long compactRevision) {}

    /** Counts {@code reports} for a check of {@code subject} among {@code voters}. */
    public static HashTally of(CorruptCheck.Subject subject, List<CorruptReport> reports,
            Set<Long> voters) {
        Map<Place, Map<Long, CorruptHash>> places = new HashMap<>();
        for (CorruptReport report : reports) {
            for (CorruptHash hash : report.getHashesList()) {
                places.computeIfAbsent(place(subject, hash), ignored -> new TreeMap<>())
                        .put(report.getMemberID(), hash);
            }
        }
        Set<Long> differing = new HashSet<>();
        Set<Long> agreeing = new HashSet<>();
        boolean isSplit = false;
        boolean hasDifferences = false;
        for (Map<Long, CorruptHash> held : places.values()) {
            List<CorruptHash> majority = majority(held, voters);
            held.forEach((member, hash) -> {
                if (!majority.isEmpty()) {
                    (majority.contains(hash) ? agreeing : differing).add(member);
                }
            });
            boolean differs = new HashSet<>(held.values()).size() > 1;
            hasDifferences |= differs;
            isSplit |= differs && majority.isEmpty() && held.keySet().containsAll(voters);
        }
        agreeing.removeAll(differing);
        return new HashTally(differing, agreeing, isSplit, hasDifferences);
    }

    private static Place place(CorruptCheck.Subject subject, CorruptHash hash) {
        return switch (subject) {
            case STATE -> new Place(hash.getFormat(), 0, 0);
            case COMPACTIONS, UNRECOGNIZED -> new Place(hash.getFormat(), hash.getRevision(),
                    hash.getCompactRevision());
        };
    }

    /** What more than half of {@code voters} hold; none if there is no such thing. */
    private static List<CorruptHash> majority(Map<Long, CorruptHash> held, Set<Long> voters) {
        Map<CorruptHash, Integer> counts = new HashMap<>();
        List<CorruptHash> found = new ArrayList<>();
        held.forEach((member, hash) -> {
            if (voters.contains(member)
                    && counts.merge(hash, 1, Integer::sum) == voters.size() / 2 + 1) {
                found.add(hash);
            }
        });
        return found;
    }
}
