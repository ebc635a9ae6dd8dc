// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.mvcc.KeyValue;
import io.jangada.server.config.CorruptionConfig;
import io.jangada.server.config.ServerConfig;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A cluster of three members in this process, with data in one folder, and connections to them. */
final class ThreeMembers implements AutoCloseable {
    private static final int START_SECONDS = 60;
    private static final int WRITE_SECONDS = 20;
    /** A member that stops meanwhile lets a read wait as long. */
    private static final int READ_SECONDS = 5;

    private final Path folder;
    private final int snapshotCount;
    private final List<String> peerUrls = new ArrayList<>();
    private final List<String> clientUrls = new ArrayList<>();
    private final @Nullable EtcdServer[] servers = new EtcdServer[3];
    private final List<ManagedChannel> channels = new ArrayList<>();

    ThreeMembers(Path folder) throws Exception {
        this(folder, 10_000);
    }

    /** With a log that is cut each {@code snapshotCount} entries. */
    ThreeMembers(Path folder, int snapshotCount) throws Exception {
        this.folder = folder;
        this.snapshotCount = snapshotCount;
        List<ServerSocket> taken = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            taken.add(socket);
            (i % 2 == 0 ? peerUrls : clientUrls).add("http://127.0.0.1:" + socket.getLocalPort());
        }
        for (ServerSocket socket : taken) {
            socket.close();
        }
        for (String url : clientUrls) {
            channels.add(NettyChannelBuilder.forTarget(url.replace("http://", ""))
                    .usePlaintext().build());
        }
    }

    private ServerConfig config(int member, CorruptionConfig corruption) throws Exception {
        return ServerConfig.builder("m" + member, directory(member))
                .listenClientUrls(clientUrls.get(member))
                .advertiseClientUrls(clientUrls.get(member))
                .listenPeerUrls(peerUrls.get(member))
                .initialAdvertisePeerUrls(peerUrls.get(member))
                .initialCluster("m0=" + peerUrls.get(0) + ",m1=" + peerUrls.get(1) + ",m2="
                        + peerUrls.get(2))
                .heartbeatIntervalMillis(20).electionTimeoutMillis(400).corruption(corruption)
                .snapshotCount(snapshotCount).snapshotCatchUpEntries(snapshotCount / 2)
                .build();
    }

    /** The data of {@code member}, 0 to 2. */
    Path directory(int member) {
        return folder.resolve("m" + member);
    }

    /** Starts all that do not run, and waits until they serve. */
    void startAll(CorruptionConfig corruption) throws Exception {
        for (int i = 0; i < servers.length; i++) {
            if (servers[i] == null) {
                start(i, corruption);
            }
        }
        for (EtcdServer server : servers) {
            if (server != null) {
                server.ready().get(START_SECONDS, TimeUnit.SECONDS);
            }
        }
    }

    /** Starts {@code member}, which may not serve yet. */
    EtcdServer start(int member, CorruptionConfig corruption) throws Exception {
        EtcdServer server = EtcdServer.start(config(member, corruption));
        servers[member] = server;
        return server;
    }

    void stop(int member) {
        EtcdServer server = servers[member];
        servers[member] = null;
        if (server != null) {
            server.close();
        }
    }

    void stopAll() {
        for (int i = 0; i < servers.length; i++) {
            stop(i);
        }
    }

    /** To the client port of {@code member}. */
    ManagedChannel channel(int member) {
        return channels.get(member);
    }

    void put(int member, ByteString key, ByteString value) {
        var ignored = calls(member, WRITE_SECONDS)
                .put(PutRequest.newBuilder().setKey(key).setValue(value).build());
    }

    /** What {@code member} itself has under {@code key}; empty if nothing. */
    ByteString get(int member, ByteString key) {
        return calls(member, READ_SECONDS)
                .range(RangeRequest.newBuilder().setKey(key).setSerializable(true).build())
                .getKvsList().stream().map(KeyValue::getValue).findFirst()
                .orElse(ByteString.EMPTY);
    }

    private KVGrpc.KVBlockingStub calls(int member, int seconds) {
        return KVGrpc.newBlockingStub(channel(member)).withWaitForReady()
                .withDeadlineAfter(seconds, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        channels.forEach(ManagedChannel::shutdownNow);
        stopAll();
    }
}
