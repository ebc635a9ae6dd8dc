// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import picocli.CommandLine.Option;

/** The flags of {@code jangada server}: etcd's names and defaults. */
final class ServerFlags {
    @Option(names = "--name", defaultValue = "default", description = "This member's name.")
    String name = "";

    @Option(names = "--data-dir", defaultValue = "", description = "Where the data are (default: NAME.etcd).")
    String dataDir = "";

    @Option(names = "--wal-dir", defaultValue = "", description = "Where the write-ahead log is, if not in the data directory.")
    String walDir = "";

    @Option(names = "--snapshot-count", defaultValue = "10000", description = "Applied entries between snapshots (default: ${DEFAULT-VALUE}).")
    long snapshotCount;

    @Option(names = "--snapshot-catchup-entries", defaultValue = "5000", description = "Entries kept for slow followers when the log is compacted (default: ${DEFAULT-VALUE}).")
    long snapshotCatchUpEntries;

    @Option(names = "--heartbeat-interval", defaultValue = "100", description = "Milliseconds between heartbeats (default: ${DEFAULT-VALUE}).")
    int heartbeatIntervalMillis;

    @Option(names = "--election-timeout", defaultValue = "1000", description = "Milliseconds without a leader until a follower campaigns (default: ${DEFAULT-VALUE}).")
    int electionTimeoutMillis;

    @Option(names = "--listen-peer-urls", defaultValue = "http://localhost:2380", description = "Where other members connect (default: ${DEFAULT-VALUE}).")
    String listenPeerUrls = "";

    @Option(names = "--listen-client-urls", defaultValue = "", description = "Where clients connect (default: http://localhost:2379).")
    String listenClientUrls = "";

    @Option(names = "--advertise-client-urls", defaultValue = "", description = "Where clients are told to connect (default: http://localhost:2379).")
    String advertiseClientUrls = "";

    @Option(names = "--initial-advertise-peer-urls", defaultValue = "http://localhost:2380", description = "How other members reach this one (default: ${DEFAULT-VALUE}).")
    String initialAdvertisePeerUrls = "";

    @Option(names = "--initial-cluster", defaultValue = "", description = "All members of a new cluster, as NAME=URL,… (default: this one).")
    String initialCluster = "";

    @Option(names = "--initial-cluster-state", defaultValue = "new", description = "new or existing (default: ${DEFAULT-VALUE}).")
    String initialClusterState = "";

    @Option(names = "--initial-cluster-token", defaultValue = "etcd-cluster", description = "Keeps clusters from the same addresses apart (default: ${DEFAULT-VALUE}).")
    String initialClusterToken = "";

    @Option(names = "--quota-backend-bytes", defaultValue = "0", description = "How large the state may grow; 0 for 2 GiB (default: ${DEFAULT-VALUE}).")
    long quotaBackendBytes;

    @Option(names = "--max-request-bytes", defaultValue = "1572864", description = "How large a request may be (default: ${DEFAULT-VALUE}).")
    int maxRequestBytes;

    @Option(names = "--max-txn-ops", defaultValue = "128", description = "Operations in one transaction (default: ${DEFAULT-VALUE}).")
    int maxTxnOps;

    @Option(names = "--auto-compaction-mode", defaultValue = "periodic", description = "periodic or revision (default: ${DEFAULT-VALUE}).")
    String autoCompactionMode = "";

    @Option(names = "--auto-compaction-retention", defaultValue = "0", description = "What to keep: a time such as 1h, or a number of revisions; 0 for all (default: ${DEFAULT-VALUE}).")
    String autoCompactionRetention = "";

    @Option(names = "--auth-token", defaultValue = "simple", description = "How users are known after they gave a password: simple, or jwt,sign-method=RS256,priv-key=FILE,pub-key=FILE,ttl=5m (default: ${DEFAULT-VALUE}).")
    String authToken = "";

    @Option(names = "--auth-token-ttl", defaultValue = "300", description = "Seconds that a simple token lives without being used (default: ${DEFAULT-VALUE}).")
    long authTokenTtlSeconds;

    @Option(names = "--bcrypt-cost", defaultValue = "10", description = "Cost of hashing passwords, 4 to 31; each step doubles it (default: ${DEFAULT-VALUE}).")
    int bcryptCost;

    @Option(names = "--log-level", defaultValue = "info", description = "debug, info, warn, error, panic or fatal (default: ${DEFAULT-VALUE}).")
    String logLevel = "";

    @Option(names = "--log-format", defaultValue = "json", description = "json or console (default: ${DEFAULT-VALUE}).")
    String logFormat = "";

    @Option(names = "--logger", defaultValue = "zap", description = "Accepted, as tools pass it; there is one logger.")
    String logger = "";
}
