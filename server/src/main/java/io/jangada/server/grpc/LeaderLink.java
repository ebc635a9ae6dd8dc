// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
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

    /**
     * The leader's Lease service, for one attempt; empty while there is no other leader or it has not
     * said where its clients are served. The call is made as the caller that {@code credential} proves. A leader that does not answer costs two election timeouts:
     * by then the others have a new one.
     */
    Optional<LeaseGrpc.LeaseStub> leases(Credential credential) {
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
        return address.map(url -> LeaseGrpc
                .newStub(byUrl.computeIfAbsent(url, LeaderLink::connect))
                .withInterceptors(
                        MetadataUtils.newAttachHeadersInterceptor(Forwarded.headers(credential)))
                .withDeadlineAfter(2 * member.config().electionTimeoutMillis(),
                        TimeUnit.MILLISECONDS));
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
