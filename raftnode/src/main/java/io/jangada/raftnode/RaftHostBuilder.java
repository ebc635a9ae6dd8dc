// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.network.Network;
import io.jangada.network.tcp.Compression;
import io.jangada.network.tcp.TcpLimits;
import io.jangada.network.tls.PeerTls;
import io.jangada.wal.WalConfig;
import io.jangada.wal.disk.Disk;
import io.jangada.wal.disk.FileDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Collects what a {@link RaftHost} is made from, where it differs from the defaults. Not thread-safe. */
public final class RaftHostBuilder {
    private final long clusterId;
    private final long memberId;
    private Path walDirectory;
    private Path snapshotDirectory;
    private List<HostPort> listen = List.of();
    private @Nullable Network network;
    private @Nullable PeerTls peerTls;
    private Compression peerCompression = Compression.NONE;
    private long snapshotBytesPerSecondMax;
    private Disk disk = new FileDisk();
    private WalConfig wal = WalConfig.DEFAULT;
    private @Nullable DamagedLog damagedLog;
    private RaftMetrics metrics = RaftMetrics.NONE;
    private @Nullable EventLoops loops;
    private @Nullable RandomGenerator random;

    RaftHostBuilder(long clusterId, long memberId, Path directory) {
        if (memberId == 0) {
            throw new IllegalArgumentException("member id 0 means nobody");
        }
        this.clusterId = clusterId;
        this.memberId = memberId;
        walDirectory = directory.resolve("wal");
        snapshotDirectory = directory.resolve("snap");
    }

    /** Where to listen for peers, with port 0 for any; default: nowhere, for a group of one. */
    public RaftHostBuilder listen(List<HostPort> value) {
        listen = List.copyOf(value);
        return this;
    }

    /**
     * TLS on all connections with peers, in both directions; default: none. Not for a network that is
     * plugged in. {@link #open} fails with a {@link io.jangada.network.tls.TlsFileException} if a file is
     * no good.
     */
    public RaftHostBuilder peerTls(PeerTls value) {
        peerTls = value;
        return this;
    }

    /**
     * What is done to large messages and to snapshots on their way to peers that want the same; default:
     * nothing. It costs this member's and the peer's processors to spare the link between them. Not for a
     * network that is plugged in.
     */
    public RaftHostBuilder peerCompression(Compression value) {
        peerCompression = value;
        return this;
    }

    /**
     * How many bytes of snapshots this member sends in a second, to all peers together; default: 0, for no
     * limit. Not for a network that is plugged in.
     *
     * @throws IllegalArgumentException if it is so little that transfers would count as stalled: below
     *     about 70 kB
     */
    public RaftHostBuilder snapshotBytesPerSecondMax(long value) {
        snapshotBytesPerSecondMax = limits(value).snapshots().bytesPerSecondMax();
        return this;
    }

    /** Default: TCP, see {@link #listen}. The host starts it and closes it. */
    public RaftHostBuilder network(Network value) {
        network = value;
        return this;
    }

    /** Default: {@code directory/wal}. */
    public RaftHostBuilder walDirectory(Path value) {
        walDirectory = value;
        return this;
    }

    /** Default: {@code directory/snap}. */
    public RaftHostBuilder snapshotDirectory(Path value) {
        snapshotDirectory = value;
        return this;
    }

    /** Default: the file system. */
    public RaftHostBuilder disk(Disk value) {
        disk = value;
        return this;
    }

    /** Default: {@link WalConfig#DEFAULT}. */
    public RaftHostBuilder wal(WalConfig value) {
        wal = value;
        return this;
    }

    /** Default: {@link DamagedLog#REJOIN} where there is a network, else {@link DamagedLog#REFUSE}. */
    public RaftHostBuilder damagedLog(DamagedLog value) {
        damagedLog = value;
        return this;
    }

    /** Default: {@link RaftMetrics#NONE}. */
    public RaftHostBuilder metrics(RaftMetrics value) {
        metrics = value;
        return this;
    }

    /** Default: threads of its own. */
    public RaftHostBuilder loops(EventLoops value) {
        loops = value;
        return this;
    }

    /** Default: a generator with a seed from the system. Used by one thread at a time, while starting. */
    public RaftHostBuilder random(RandomGenerator value) {
        random = value;
        return this;
    }

    /**
     * Opens the log and starts the network. Blocks.
     *
     * @throws IllegalArgumentException if there is both a network and something for a network of its own
     * @throws IOException if a directory is locked or belongs to another member, an address is in use, or
     *     what is on the disk is damaged; the message says what and where
     */
    public RaftHost open() throws IOException {
        boolean ownNetworkWanted = peerTls != null || peerCompression != Compression.NONE
                || snapshotBytesPerSecondMax != 0;
        if (network != null && ownNetworkWanted) {
            throw new IllegalArgumentException("peerTls, peerCompression and"
                    + " snapshotBytesPerSecondMax are not for a network that is plugged in");
        }
        if (loops == null) {
            loops = new ThreadEventLoops();
        }
        if (random == null) {
            random = new SplittableRandom(new SecureRandom().nextLong());
        }
        return RaftHost.open(this);
    }

    long clusterId() {
        return clusterId;
    }

    long memberId() {
        return memberId;
    }

    Path walDirectory() {
        return walDirectory;
    }

    Path snapshotDirectory() {
        return snapshotDirectory;
    }

    List<HostPort> listen() {
        return listen;
    }

    Optional<Network> pluggedNetwork() {
        return Optional.ofNullable(network);
    }

    Optional<PeerTls> peerTls() {
        return Optional.ofNullable(peerTls);
    }

    Compression peerCompression() {
        return peerCompression;
    }

    TcpLimits limits() {
        return limits(snapshotBytesPerSecondMax);
    }

    private static TcpLimits limits(long snapshotBytesPerSecondMax) {
        return TcpLimits.DEFAULTS.withSnapshots(TcpLimits.DEFAULTS.snapshots()
                .withBytesPerSecondMax(snapshotBytesPerSecondMax));
    }

    Disk disk() {
        return disk;
    }

    WalConfig wal() {
        return wal;
    }

    DamagedLog damagedLog() {
        if (damagedLog != null) {
            return damagedLog;
        }
        return network != null || !listen.isEmpty() ? DamagedLog.REJOIN : DamagedLog.REFUSE;
    }

    RaftMetrics metrics() {
        return metrics;
    }

    EventLoops loops() {
        return Objects.requireNonNull(loops);
    }

    RandomGenerator random() {
        return Objects.requireNonNull(random);
    }
}
