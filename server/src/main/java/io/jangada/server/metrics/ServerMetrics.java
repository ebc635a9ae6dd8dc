// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.metrics;

import io.grpc.ServerStreamTracer;
import io.jangada.mvcc.WatchHub;
import io.jangada.network.Network;
import io.jangada.network.PeerStats;
import io.jangada.raftnode.RaftMetrics;
import io.jangada.server.config.Versions;
import io.jangada.server.member.LocalMember;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Function;
import java.util.function.IntSupplier;

/**
 * The figures of one member. What the member knows anyway is asked for when the figures are; the rest is
 * counted. Thread-safe.
 */
public final class ServerMetrics {
    private static final double NANOS_PER_SECOND = 1e9;

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final GrpcMetrics grpc = new GrpcMetrics(registry);
    private final Counter slowApplies = counter("etcd_server_slow_apply_total",
            "Batches of entries that took longer to apply than expected.");
    private final Counter leaderChanges = counter("etcd_server_leader_changes_seen_total",
            "Changes of leader that this member has seen.");
    private final Counter failedProposals = counter("etcd_server_proposals_failed_total",
            "Proposals of this member that were refused, or whose outcome is unknown.");
    private final Counter snapshotsInstalled = counter(
            "jangada_server_snapshots_installed_total", "Snapshots taken from a leader.");
    /** With etcd's buckets: from 1 ms, each twice the one before. */
    private final Histogram walForces = Histogram.builder()
            .name("etcd_disk_wal_fsync_duration_seconds")
            .help("How long the log took to be written and forced.").classicOnly()
            .classicExponentialUpperBounds(0.001, 2, 14).withoutExemplars().register(registry);
    private final StoreMetrics store = new StoreMetrics(registry);
    private boolean hasProcessMetrics;

    /** Figures without a member: what is counted is 0. */
    public ServerMetrics() {
        Gauge.builder().name("etcd_server_version").help("1 for the version that runs.")
                .labelNames("server_version").withoutExemplars().register(registry)
                .labelValues(Versions.ETCD).set(1);
        Gauge.builder().name("etcd_cluster_version")
                .help("1 for the version that all members speak.").labelNames("cluster_version")
                .withoutExemplars().register(registry)
                .labelValues(Versions.CLUSTER.substring(0, Versions.CLUSTER.lastIndexOf('.')))
                .set(1);
        total("etcd_mvcc_range_total", "Calls of Range.", grpc::ranges);
    }

    /** Counts calls; for the gRPC server. */
    public ServerStreamTracer.Factory grpc() {
        return grpc;
    }

    /** What the store goes through. */
    public StoreMetrics store() {
        return store;
    }

    /** A batch took too long to apply. */
    public void slowApply() {
        slowApplies.inc();
    }

    /** Another member leads. */
    public void leaderChanged() {
        leaderChanges.inc();
    }

    /** Counts what the host tells; called by its loops. */
    public RaftMetrics raft() {
        return new RaftMetrics() {
            @Override
            public void proposalEnded(long group, ProposalEnd end, Duration latency) {
                if (end != ProposalEnd.APPLIED) {
                    failedProposals.inc();
                }
            }

            @Override
            public void walForced(Duration duration) {
                walForces.observe(duration.toNanos() / NANOS_PER_SECOND);
            }

            @Override
            public void snapshotInstalled(long group, long index) {
                snapshotsInstalled.inc();
            }
        };
    }

    /** Adds what {@code member} and {@code network} know. To be called once. */
    public void attach(LocalMember member, Network network) {
        Gauge.builder().name("etcd_server_id").help("1 for this member's id, in hexadecimal.")
                .labelNames("server_id").withoutExemplars().register(registry)
                .labelValues(Long.toHexString(member.memberId())).set(1);
        raft(member);
        store(member);
        peers("etcd_network_peer_sent_bytes_total", "Bytes sent to a peer.", "To", network,
                PeerStats::sent);
        peers("etcd_network_peer_received_bytes_total", "Bytes received from a peer.", "From",
                network, PeerStats::received);
        GaugeWithCallback.builder().name("etcd_network_active_peers")
                .help("1 for each peer that is connected.").labelNames("Local", "Remote")
                .callback(gauge -> network.stats()
                        .forEach(peer -> gauge.call(peer.isConnected() ? 1 : 0,
                                Long.toHexString(member.memberId()),
                                Long.toHexString(peer.id()))))
                .register(registry);
    }

    /** Adds what {@code hub} and the streams of watchers know. To be called once. */
    public void attach(WatchHub hub, IntSupplier streams) {
        gauge("etcd_debugging_mvcc_watch_stream_total", "Streams of watchers that are open.",
                streams::getAsInt);
        gauge("etcd_debugging_mvcc_watcher_total", "Watchers.", () -> hub.figures().watchers());
        gauge("etcd_debugging_mvcc_slow_watcher_total", "Watchers that are behind.",
                () -> hub.figures().slow());
        total("etcd_debugging_mvcc_events_total", "Events that watchers have taken.",
                () -> hub.figures().eventsTold());
        gauge("etcd_debugging_mvcc_pending_events_total",
                "Events that wait to be told to watchers.", () -> hub.figures().eventsPending());
    }

    private void raft(LocalMember member) {
        gauge("etcd_server_has_leader", "1 while a leader is known.",
                () -> member.status().leader() == 0 ? 0 : 1);
        gauge("etcd_server_is_leader", "1 while this member leads.",
                () -> member.status().isLeader() ? 1 : 0);
        gauge("etcd_server_is_learner", "1 while this member does not vote.", () -> member
                .status().confState().learners().contains(member.memberId()) ? 1 : 0);
        total("etcd_server_proposals_committed_total", "Entries that are committed.",
                () -> member.status().commit());
        total("etcd_server_proposals_applied_total", "Entries that are applied.",
                () -> member.status().applied());
        gauge("etcd_server_proposals_pending", "Proposals of this member that wait.",
                () -> member.status().pendingProposals());
        gauge("jangada_server_reads_pending", "Linearizable reads of this member that wait.",
                () -> member.status().pendingReads());
        total("etcd_server_read_indexes_failed_total",
                "Linearizable reads of this member that were refused.",
                member::readIndexFailures);
        gauge("jangada_server_raft_term", "The latest term.", () -> member.status().term());
    }

    private void store(LocalMember member) {
        gauge("etcd_server_quota_backend_bytes", "The quota of the database.",
                () -> member.config().quotaBackendBytes());
        gauge("etcd_mvcc_db_total_size_in_bytes", "The database on disk.",
                () -> member.store().dbSizeBytes());
        gauge("etcd_mvcc_db_total_size_in_use_in_bytes", "The part of it that is in use.",
                () -> member.store().dbSizeInUseBytes());
        gauge("etcd_debugging_mvcc_current_revision", "The latest revision.",
                () -> member.store().revision());
        gauge("etcd_debugging_mvcc_compact_revision", "The revision of the last compaction.",
                () -> member.store().compactRevision());
    }

    private void peers(String name, String help, String label, Network network,
            Function<PeerStats, PeerStats.Traffic> traffic) {
        CounterWithCallback.builder().name(name).help(help).labelNames(label)
                .callback(counter -> network.stats().forEach(peer -> counter.call(
                        (double) traffic.apply(peer).bytes(), Long.toHexString(peer.id()))))
                .register(registry);
    }

    private Counter counter(String name, String help) {
        return Counter.builder().name(name).help(help).withoutExemplars().register(registry);
    }

    private void gauge(String name, String help, Figure figure) {
        GaugeWithCallback.builder().name(name).help(help)
                .callback(gauge -> gauge.call((double) figure.now())).register(registry);
    }

    private void total(String name, String help, Figure figure) {
        CounterWithCallback.builder().name(name).help(help)
                .callback(counter -> counter.call((double) figure.now())).register(registry);
    }

    /** What is known at the moment. */
    @FunctionalInterface
    private interface Figure {
        long now();
    }

    /** All figures in Prometheus' text format, version 0.0.4. */
    public synchronized byte[] text() {
        if (!hasProcessMetrics) {
            // Only for those who ask: it takes longer than the rest of a start.
            hasProcessMetrics = true;
            JvmMetrics.builder().register(registry);
        }
        MetricSnapshots snapshots = registry.scrape();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            PrometheusTextFormatWriter.create().write(out, snapshots);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
