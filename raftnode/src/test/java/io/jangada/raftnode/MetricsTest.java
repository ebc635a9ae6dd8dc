// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {

    /** Keeps what it is told. */
    private static final class Told implements RaftMetrics {
        private final List<String> proposals = new ArrayList<>();
        private final List<Long> leaders = new ArrayList<>();
        private final List<Long> snapshots = new ArrayList<>();
        private final List<Long> installed = new ArrayList<>();
        private int forces;

        @Override
        public void proposalEnded(long group, ProposalEnd end, Duration latency) {
            proposals.add(end + " " + latency.toSeconds());
        }

        @Override
        public void walForced(Duration duration) {
            forces++;
        }

        @Override
        public void leaderChanged(long group, long leader, long term) {
            leaders.add(leader);
        }

        @Override
        public void snapshotTaken(long group, long index) {
            snapshots.add(index);
        }

        @Override
        public void snapshotInstalled(long group, long index) {
            installed.add(index);
        }
    }

    @Test
    void figuresAreToldOfForcesLeadersAndSnapshots() throws Exception {
        Cluster cluster = new Cluster(1, group -> group.snapshotCount(10).catchUpEntries(0));
        Told told = cluster.metrics(1, new Told());
        cluster.start(1, GroupStart.NEW);
        cluster.awaitLeader();
        int before = told.forces;
        for (int i = 0; i < 30; i++) {
            cluster.propose(1, "line " + i);
        }
        assertThat(told.forces - before).isGreaterThanOrEqualTo(30);
        assertThat(told.leaders).containsExactly(1L);
        assertThat(told.snapshots).hasSizeBetween(2, 3);
    }

    @Test
    void howAProposalEndedIsToldWithItsLatency() throws Exception {
        Cluster cluster = new Cluster(3, group -> group);
        Told told = cluster.metrics(1, new Told());
        for (long id = 1; id <= 3; id++) {
            cluster.start(id, GroupStart.NEW);
        }
        cluster.awaitLeader();
        cluster.await(() -> cluster.node(1).status().leader() != 0, "follows");
        cluster.propose(1, "a");
        cluster.hub.isolate(1);
        CompletableFuture<?> unusedLost = cluster.node(1).propose(Journal.line("b"));
        cluster.loops.runFor(Duration.ofSeconds(8));
        assertThat(told.proposals).first().isEqualTo("APPLIED 0");
        assertThat(told.proposals).hasSize(2);
        cluster.propose(1, "c");
        assertThat(told.proposals).last().isEqualTo("REFUSED 7");
    }

    @Test
    void aMemberThatCatchesUpBySnapshotTellsSo() throws Exception {
        Cluster cluster = new Cluster(3, group -> group.snapshotCount(10).catchUpEntries(0));
        Told told = cluster.metrics(3, new Told());
        cluster.start(1, GroupStart.NEW);
        cluster.start(2, GroupStart.NEW);
        for (int i = 0; i < 30; i++) {
            cluster.propose(cluster.awaitLeader(), "line " + i);
        }
        cluster.start(3, GroupStart.NEW);
        cluster.await(() -> cluster.journal(3).lines().size() == 30, "caught up");
        assertThat(told.installed).isNotEmpty();
    }

    @Test
    void flightRecorderGetsTheSame(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("events.jfr");
        try (Recording recording = new Recording()) {
            for (String event : List.of("Proposal", "WalForce", "LeaderChange", "Snapshot")) {
                recording.enable("jangada." + event);
            }
            recording.start();
            Cluster cluster = Cluster.of(1, group -> group.snapshotCount(5).catchUpEntries(0));
            for (int i = 0; i < 7; i++) {
                cluster.propose(cluster.awaitLeader(), "line " + i);
            }
            cluster.loops.runFor(Duration.ofSeconds(1));
            recording.stop();
            recording.dump(file);
        }
        Map<String, Long> counts = RecordingFile.readAllEvents(file).stream()
                .map(RecordedEvent::getEventType)
                .collect(Collectors.groupingBy(type -> type.getName(), Collectors.counting()));
        assertThat(counts).containsEntry("jangada.Proposal", 7L)
                .containsEntry("jangada.LeaderChange", 1L)
                .containsKeys("jangada.WalForce", "jangada.Snapshot");
    }
}
