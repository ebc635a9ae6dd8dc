// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.wal;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.HardState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** What a log should hold, told naively: the oracle of the log's tests. */
final class LogModel {
    private final TreeMap<Long, WalRecovery.Group> groups = new TreeMap<>();

    LogModel copy() {
        LogModel copy = new LogModel();
        copy.groups.putAll(groups);
        return copy;
    }

    WalRecovery.Group group(long group) {
        return groups.getOrDefault(group,
                new WalRecovery.Group(group, HardState.EMPTY, SnapshotMark.NONE, List.of()));
    }

    List<WalRecovery.Group> groups() {
        return List.copyOf(groups.values());
    }

    void append(long group, HardState hardState, List<Entry> entries) {
        WalRecovery.Group before = group(group);
        NavigableMap<Long, Entry> log = log(before);
        for (Entry entry : entries) {
            log.tailMap(entry.index(), true).clear();
            log.put(entry.index(), entry);
        }
        put(group, hardState.isEmpty() ? before.hardState() : hardState, before.mark(), log);
    }

    void reset(long group) {
        WalRecovery.Group before = group(group);
        put(group, before.hardState(), SnapshotMark.NONE, Map.of());
    }

    void mark(long group, SnapshotMark mark) {
        WalRecovery.Group before = group(group);
        NavigableMap<Long, Entry> log = log(before);
        Entry there = log.get(mark.index());
        boolean logGoesOn = there != null && there.term() == mark.id().term();
        if (logGoesOn || mark.index() == before.mark().index()) {
            log.headMap(mark.index(), true).clear();
        } else {
            log.clear();
        }
        put(group, before.hardState(), mark, log);
    }

    private static NavigableMap<Long, Entry> log(WalRecovery.Group group) {
        NavigableMap<Long, Entry> log = new TreeMap<>();
        for (Entry entry : group.entries()) {
            log.put(entry.index(), entry);
        }
        return log;
    }

    private void put(long group, HardState hardState, SnapshotMark mark, Map<Long, Entry> log) {
        groups.put(group,
                new WalRecovery.Group(group, hardState, mark, new ArrayList<>(log.values())));
    }
}
