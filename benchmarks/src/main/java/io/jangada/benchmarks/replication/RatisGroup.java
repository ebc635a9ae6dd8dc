// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.grpc.GrpcConfigKeys;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/**
 * Apache Ratis over gRPC with its log on disk, and its defaults, without snapshots; proposals are submitted to the leader's
 * server in this JVM, without a client's connection. Thread-safe: the calls are numbered by an atomic counter.
 */
final class RatisGroup implements ReplicatedGroup {
    private final RaftGroupId groupId;
    private final List<Running> members;
    private final Message payload;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();

    private record Running(RaftServer server, Count count) {}

    /** Counts commands. */
    private static final class Count extends BaseStateMachine {
        /** Written by the thread that applies, read by any. */
        private volatile long commands;

        @Override
        public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
            long counted = commands + 1;
            commands = counted;
            LogEntryProto entry = transaction.getLogEntry();
            updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
            return CompletableFuture.completedFuture(Message.EMPTY);
        }
    }

    private RatisGroup(RaftGroupId groupId, List<Running> members, byte[] payload) {
        this.groupId = groupId;
        this.members = List.copyOf(members);
        ByteString bytes = UnsafeByteOperations.unsafeWrap(payload);
        this.payload = Message.valueOf(bytes);
    }

    static RatisGroup open(Path directory, byte[] payload)
            throws IOException, InterruptedException {
        List<RaftPeer> peers = new ArrayList<>();
        for (int port : Beginnings.freePorts(3)) {
            peers.add(RaftPeer.newBuilder().setId("member" + port)
                    .setAddress("127.0.0.1:" + port).build());
        }
        RaftGroupId groupId = RaftGroupId.randomId();
        RaftGroup group = RaftGroup.valueOf(groupId, peers);
        List<Running> members = new ArrayList<>();
        try {
            for (RaftPeer peer : peers) {
                Count count = new Count();
                RaftServer server = RaftServer.newBuilder()
                        .setServerId(peer.getId())
                        .setGroup(group)
                        .setStateMachine(count)
                        .setProperties(properties(directory, peer))
                        .build();
                members.add(new Running(server, count));
                server.start();
            }
            return new RatisGroup(groupId,
                    Beginnings.leaderFirst(members, one -> leads(one.server(), groupId)), payload);
        } catch (IOException | InterruptedException failed) {
            stop(members);
            throw failed;
        }
    }

    private static RaftProperties properties(Path directory, RaftPeer peer) {
        String address = peer.getAddress();
        RaftProperties properties = new RaftProperties();
        File home = directory.resolve(peer.getId().toString()).toFile();
        RaftServerConfigKeys.setStorageDir(properties, List.of(home));
        GrpcConfigKeys.Server.setPort(properties,
                Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)));
        return properties;
    }

    private static boolean leads(RaftServer server, RaftGroupId groupId) {
        try {
            return server.getDivision(groupId).getInfo().isLeaderReady();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void propose(Completion completion) {
        RaftServer leader = members.getFirst().server();
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(leader.getId())
                .setGroupId(groupId)
                .setCallId(calls.incrementAndGet())
                .setMessage(payload)
                .setType(RaftClientRequest.writeRequestType())
                .build();
        try {
            CompletableFuture<?> unusedEnd = leader.submitClientRequestAsync(request)
                    .whenComplete((reply, failure) -> completion
                            .completed(failure == null && reply.isSuccess()));
        } catch (IOException refused) {
            completion.completed(false);
        }
    }

    @Override
    public long[] applied() {
        return members.stream().mapToLong(one -> one.count().commands).toArray();
    }

    @Override
    public void close() throws IOException {
        stop(members);
    }

    private static void stop(List<Running> members) throws IOException {
        for (Running one : members) {
            one.server().close();
        }
    }
}
