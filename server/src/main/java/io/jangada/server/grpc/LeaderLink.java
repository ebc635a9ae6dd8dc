// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.membership.Member;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.Members;
import io.jangada.server.auth.Credential;
import io.jangada.server.member.LocalMember;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** The way to the leader's client port, for what only it can answer. Thread-safe. */
final class LeaderLink implements AutoCloseable {
    private final LocalMember member;
    private final Map<String, ManagedChannel> byUrl = new ConcurrentHashMap<>();

    LeaderLink(LocalMember member) {
        this.member = member;
    }

    /** The leader's Lease service, for one attempt, which may take two election timeouts; as the caller that {@code credential} proves. */
    Optional<LeaseGrpc.LeaseStub> leases(Credential credential) {
        return channel()
                .map(channel -> prepared(LeaseGrpc.newStub(channel), Forwarded.headers(credential),
                        2 * member.config().electionTimeoutMillis()));
    }

    /** The leader's Cluster service, for one attempt, which may take as long as any request. */
    Optional<ClusterGrpc.ClusterStub> cluster(Credential credential) {
        return channel().map(
                channel -> prepared(ClusterGrpc.newStub(channel), Forwarded.headers(credential),
                        member.config().requestTimeout().toMillis()));
    }

    private static <S extends AbstractStub<S>> S prepared(S stub, Metadata headers, long millis) {
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
                .withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
    }

    /**
     * Empty while there is no other leader or it has not said where its clients are served. A leader that
     * does not answer costs two election timeouts: by then the others have a new one.
     */
    private Optional<ManagedChannel> channel() {
        long leader = member.status().leader();
        if (leader == 0 || leader == member.memberId()) {
            return Optional.empty();
        }
        Optional<String> address;
        try (ReadView view = member.store().view()) {
            address = Members.all(view).stream().filter(one -> one.getID() == leader)
                    .map(Member::getMemberAttributes)
                    .flatMap(attributes -> attributes.getClientUrlsList().stream()).findFirst();
        }
        return address.map(url -> byUrl.computeIfAbsent(url, LeaderLink::connect));
    }

    private static ManagedChannel connect(String url) {
        URI uri = URI.create(url);
        return NettyChannelBuilder.forAddress(uri.getHost(), uri.getPort()).usePlaintext()
                .directExecutor().build();
    }

    @Override
    public void close() {
        byUrl.values().forEach(ManagedChannel::shutdownNow);
    }
}
