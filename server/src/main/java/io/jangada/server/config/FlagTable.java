// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;

/** All flags of etcd 3.7, and how this server takes them. Immutable. */
public final class FlagTable {
    /**
     * Name, kind, default, use, what it does. For a flag without meaning here or that is refused, the last
     * column says why.
     */
    private static final String TABLE = """
            # Top
            config-file | string | | used | A YAML file with the configuration; all other flags and variables are ignored then.
            version | bool | false | used | Print the versions and exit.
            # Member
            name | string | default | used | This member's name in --initial-cluster.
            data-dir | string | | used | Where the data are; NAME.etcd if not given.
            wal-dir | string | | used | Where the write-ahead log is, if not in the data directory.
            snapshot-count | number | 10000 | used | Applied entries between snapshots, behind which the log is compacted.
            heartbeat-interval | number | 100 | used | Milliseconds between the leader's heartbeats.
            election-timeout | number | 1000 | used | Milliseconds without a leader until a follower campaigns; at least 5 heartbeats, at most 50,000.
            initial-election-tick-advance | bool | true | ignored | the first election comes as soon as it is safe
            listen-peer-urls | urls | http://localhost:2380 | used | Where other members connect.
            listen-client-urls | urls | http://localhost:2379 | used | Where clients connect: gRPC, and HTTP unless --listen-client-http-urls is given.
            listen-client-http-urls | urls | | used | Where clients' HTTP is served; the client URLs serve gRPC only then.
            max-snapshots | number | 5 | ignored | deprecated by etcd; old snapshots are dropped by themselves
            max-wals | number | 5 | ignored | log files are dropped behind a durable snapshot
            memory-mlock | bool | false | ignored | no database is mapped into memory
            quota-backend-bytes | number | 0 | used | How large the state may grow before writes are refused; 0 for 2 GiB, below 0 for no quota.
            backend-bbolt-freelist-type | string | map | ignored | there is no bbolt
            backend-batch-interval | duration | 0s | ignored | batches are what is waiting
            backend-batch-limit | number | 0 | ignored | batches are what is waiting
            max-txn-ops | number | 128 | used | Operations in one transaction, for each level.
            max-request-bytes | number | 1572864 | used | How large a request may be.
            max-concurrent-streams | number | 4294967295 | used | Streams that a client may have open on a connection.
            grpc-keepalive-min-time | duration | 5s | used | The least time between two pings of a client.
            grpc-keepalive-interval | duration | 2h | used | Time between pings to a client that is idle; 0 for none.
            grpc-keepalive-timeout | duration | 20s | used | Time until a client that does not answer a ping is dropped.
            socket-reuse-port | bool | false | ignored | a port has one listener
            socket-reuse-address | bool | false | ignored | addresses in TIME_WAIT are always taken again
            enable-grpc-gateway | bool | true | used | Serve the API as JSON, too.
            raft-read-timeout | duration | 5s | ignored | peers have keep-alives of their own
            raft-write-timeout | duration | 5s | ignored | peers have keep-alives of their own
            feature-gates | string | | used | Name=true,Name=false: InitialCorruptCheck and CompactHashCheck count, the others of etcd mean nothing here, and one that etcd does not have is refused.
            # Clustering
            initial-advertise-peer-urls | urls | http://localhost:2380 | used | How other members reach this one; must be its entry in --initial-cluster.
            initial-cluster | string | | used | All members of a new cluster, as NAME=URL,...; this one alone if not given.
            initial-cluster-state | state | new | used | new or existing; of no effect once there are data.
            initial-cluster-token | string | etcd-cluster | used | Keeps clusters apart that are started from the same addresses.
            advertise-client-urls | urls | http://localhost:2379 | used | Where clients are told to come; required with --listen-client-urls.
            discovery-token | string | | used | Names the new cluster in a registry, and is its token: see --discovery-endpoints.
            discovery-endpoints | string | | used | Another etcd, separated by commas, in which the members of a new cluster enter themselves and find each other.
            discovery-dial-timeout | duration | 2s | used | How long a connection to it may take.
            discovery-request-timeout | duration | 5s | used | How long an answer may take then.
            discovery-keepalive-time | duration | 2s | used | Between two signs of life on a connection to it.
            discovery-keepalive-timeout | duration | 6s | used | How long they may be unanswered.
            discovery-insecure-transport | bool | true | used | No TLS unless an endpoint is https or one of the files below is given.
            discovery-insecure-skip-tls-verify | bool | false | used | Take every certificate: for tests only.
            discovery-cert | string | | used | The certificate shown to it, PEM.
            discovery-key | string | | used | Its private key, PEM.
            discovery-cacert | string | | used | Authorities of its certificate, PEM; else those that the JDK trusts.
            discovery-user | string | | used | Who asks: user:password, or the user alone with --discovery-password.
            discovery-password | string | | used | The user's password; nobody is asked for it.
            discovery-fallback | string | exit | used | exit, as there is nothing else to do.
            discovery-srv | string | | used | A domain whose SRV records _etcd-server-ssl._tcp and _etcd-server._tcp name the members of a new cluster.
            discovery-srv-name | string | | used | A suffix of the service's name in them, as _etcd-server-SUFFIX._tcp.
            strict-reconfig-check | bool | true | used | Refuse changes of the members that may cost the quorum.
            pre-vote | bool | true | used | A member asks before it raises its term, so that one that comes back does not depose the leader.
            auto-compaction-retention | string | 0 | used | What history to keep: a time such as 1h, or a number of revisions; 0 for all.
            auto-compaction-mode | string | periodic | used | periodic or revision: how to read the retention.
            v2-deprecation | string | write-only | ignored | deprecated by etcd; there is no v2 store
            # Security
            cert-file | string | | used | The certificate shown to clients, with the chain up to its authority, PEM; read again when it changes.
            key-file | string | | used | Its private key, PEM, not encrypted.
            client-cert-auth | bool | false | used | The common name of a client's certificate is the user of its calls without a token; needs --trusted-ca-file.
            client-cert-file | string | | used | The certificate shown where this member is a client of the leader, if not --cert-file.
            client-key-file | string | | used | Its private key.
            client-crl-file | string | | used | Certificates of clients that are not accepted any more, by serial number: a revocation list, DER or PEM.
            client-cert-allowed-hostname | string | | used | Host names, separated by commas, one of which a client's certificate must be valid for.
            trusted-ca-file | string | | used | Authorities of clients' certificates, PEM; if given, every client must show one.
            auto-tls | bool | false | used | Without --cert-file: make a certificate, which nobody can check.
            peer-cert-file | string | | used | The certificate shown to other members, with the chain up to its authority, PEM; read again when it changes.
            peer-key-file | string | | used | Its private key, PEM, not encrypted.
            peer-client-cert-auth | bool | false | used | Other members must show a certificate; needs --peer-trusted-ca-file, which says it, too.
            peer-client-cert-file | string | | used | The certificate shown where this member dials, if not --peer-cert-file.
            peer-client-key-file | string | | used | Its private key.
            peer-trusted-ca-file | string | | used | Authorities of the other members' certificates, PEM; if given, every member must show one.
            peer-cert-allowed-cn | string | | used | Common names, separated by commas, one of which another member's certificate must have.
            peer-cert-allowed-hostname | string | | used | Host names, separated by commas, one of which another member's certificate must be valid for.
            peer-auto-tls | bool | false | used | Without --peer-cert-file: make a certificate, which nobody can check.
            self-signed-cert-validity | number | 1 | used | Years for which a certificate that is made is valid.
            peer-crl-file | string | | used | Certificates of members that are not accepted any more, by serial number: a revocation list, DER or PEM.
            cipher-suites | string | | used | Cipher suites of TLS 1.2 by Go's names, separated by commas; those of TLS 1.3 are always on.
            cors | string | * | used | Origins whose pages may read answers over HTTP, separated by commas; * for all.
            host-whitelist | string | * | used | Host names that HTTP requests without TLS may be for, separated by commas; * for all.
            tls-min-version | string | TLS1.2 | used | TLS1.2 or TLS1.3: the oldest version that is spoken.
            tls-max-version | string | | used | TLS1.2 or TLS1.3: the newest version that is spoken.
            # Auth
            auth-token | string | simple | used | How users prove who they are: simple, or jwt with its options: jwt,sign-method=METHOD,pub-key=FILE,priv-key=FILE,ttl=TIME.
            bcrypt-cost | number | 10 | used | The cost of hashing passwords, as the logarithm of the rounds.
            auth-token-ttl | number | 300 | used | Seconds that a simple token lives without being used.
            # Profiling and monitoring
            enable-pprof | bool | false | ignored | profile with the JVM's own tools, such as Flight Recorder
            metrics | string | basic | ignored | there is one level of metrics
            listen-metrics-urls | urls | | used | Where metrics and health are served besides.
            # Logging
            logger | string | zap | used | zap, as tools pass it; there is one logger.
            log-outputs | string | default | used | Where the log goes: default or stderr, stdout, or files, separated by commas.
            log-level | string | info | used | debug, info, warn, error, panic or fatal.
            log-format | string | json | used | json or console.
            enable-log-rotation | bool | false | used | A log file that is full gets the time into its name, and a new one begins; --log-outputs must name one file.
            log-rotation-config-json | string | {"maxsize": 100, "maxage": 0, "maxbackups": 0, "localtime": false, "compress": false} | used | maxsize in MiB, after which a file is full; maxage in days and maxbackups: what is kept of them, 0 for all; localtime for their names; compress by gzip.
            warning-unary-request-duration | duration | 300ms | ignored | slow requests are not logged
            # Distributed tracing
            enable-distributed-tracing | bool | false | ignored | nothing is traced
            distributed-tracing-address | string | localhost:4317 | ignored | nothing is traced
            distributed-tracing-service-name | string | etcd | ignored | nothing is traced
            distributed-tracing-instance-id | string | | ignored | nothing is traced
            distributed-tracing-sampling-rate | number | 0 | ignored | nothing is traced
            # Features
            corrupt-check-time | duration | 0s | used | Time between two comparisons of what the members hold, which the leader asks for; 0 for none.
            compact-hash-check-time | duration | 1m | used | Time between two comparisons of the hashes kept of compactions.
            compaction-batch-limit | number | 0 | used | Rows of old history removed in one step of compaction; 0 for 1,000.
            peer-skip-client-san-verification | bool | false | used | Do not compare the address that another member comes from with its certificate.
            watch-progress-notify-interval | duration | 10m | used | Time between progress notifications of idle watchers; at least 100 ms.
            warning-apply-duration | duration | 100ms | used | Applying that takes longer is logged.
            bootstrap-defrag-threshold-megabytes | number | 0 | ignored | space is given back as a member runs
            max-learners | number | 1 | used | How many members may be learners.
            compaction-sleep-interval | duration | 0s | used | Pause between two steps of compaction; 0 for 10 ms.
            downgrade-check-time | duration | 5s | ignored | there are no downgrades
            snapshot-catchup-entries | number | 5000 | used | Entries kept for slow followers when the log is compacted.
            # Unsafe features
            force-new-cluster | bool | false | refused | a cluster is not made of one member's directory: restore a snapshot that a member which is left still saves
            unsafe-no-fsync | bool | false | ignored | the log is always forced to disk
            # Of Jangada
            max-client-connections | number | 32768 | used | Connections that clients may have open; one more is closed at once.
            max-waiting-ranges | number | 10000 | used | Ranges and hashes that may wait for a reader thread.
            max-pending-response-bytes | number | 0 | used | Bytes of answers that clients have not taken, beyond which reads are refused; 0 for a quarter of the heap.
            client-stall-timeout | duration | 1m | used | Time after which a connection is closed whose client gives no window for an answer; 0 for never.
            max-stream-resets | number | 2000 | used | Streams that a client may reset in 30 s before its connection is closed; 0 for any number.
            rate-limit-per-user | number | 0 | used | Requests in a second of each user; 0 for any number.
            rate-limit-methods | string | | used | Requests in a second by method, as Range=1000,Put=500.
            corrupt-member-rebuild | bool | false | used | A member that holds something else than a majority of the others sets its data aside and gets theirs.
            # Of former versions
            initial-corrupt-check | bool | false | used | Compare with the other members before serving; a member that differs does not start.
            experimental-initial-corrupt-check | bool | false | used | As --initial-corrupt-check.
            compact-hash-check-enabled | bool | false | used | Hash the history at each compaction, and compare.
            experimental-compact-hash-check-enabled | bool | false | used | As --compact-hash-check-enabled.
            experimental-compact-hash-check-time | duration | 1m | used | As --compact-hash-check-time.
            experimental-corrupt-check-time | duration | 0s | used | As --corrupt-check-time.
            cluster-active-size | string | | ignored | of a former version
            cluster-remove-delay | string | | ignored | of a former version
            cluster-sync-interval | string | | ignored | of a former version
            config | string | | ignored | of a former version
            force | bool | false | ignored | of a former version
            max-result-buffer | string | | ignored | of a former version
            max-retry-attempts | string | | ignored | of a former version
            peer-heartbeat-interval | string | | ignored | of a former version
            peer-election-timeout | string | | ignored | of a former version
            retry-interval | string | | ignored | of a former version
            snapshot | bool | false | ignored | of a former version
            v | bool | false | ignored | of a former version
            vv | bool | false | ignored | of a former version
            test.coverprofile | string | | ignored | of etcd's own tests
            test.outputdir | string | | ignored | of etcd's own tests
            """;

    private static final SequencedMap<String, Flag> ALL = read();

    private FlagTable() {}

    /** All flags by their names, in the order in which help shows them. */
    public static Map<String, Flag> all() {
        return ALL;
    }

    private static SequencedMap<String, Flag> read() {
        SequencedMap<String, Flag> flags = new LinkedHashMap<>();
        String group = "";
        for (String line : TABLE.lines().toList()) {
            if (line.startsWith("# ")) {
                group = line.substring(2);
            } else {
                String[] row = line.split(" *\\| *", 5);
                flags.put(row[0], new Flag(row[0], group, kind(row[1]), row[2],
                        Flag.Use.valueOf(row[3].toUpperCase(Locale.ROOT)), row[4]));
            }
        }
        return Collections.unmodifiableSequencedMap(flags);
    }

    private static Flag.Kind kind(String name) {
        return Flag.Kind.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
