// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.ManagedChannel;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.membership.Member;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.Members;
import io.jangada.server.auth.Credential;
import io.jangada.server.member.LocalMember;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The way to the leader's client port, for what only it can answer. Thread-safe. */
public final class LeaderLink {
    private final LocalMember member;
    private final Authentication authentication;
    private final MemberChannels channels;

    /**
     * From {@code member}, by connections of {@code channels}.
     *
     * @param authentication gives tokens to callers that are known by a certificate
     */
    public LeaderLink(LocalMember member, Authentication authentication,
            MemberChannels channels) {
        this.member = member;
        this.authentication = authentication;
        this.channels = channels;
    }

    /** The leader's Lease service, for one attempt, which may take two election timeouts; as the caller that {@code credential} proves. */
    Optional<LeaseGrpc.LeaseStub> leases(Credential credential) {
        return channel()
                .map(channel -> prepared(LeaseGrpc.newStub(channel), credential,
                        2 * member.config().electionTimeoutMillis()));
    }

    /** The leader's Cluster service, for one attempt, which may take as long as any request. */
    Optional<ClusterGrpc.ClusterStub> cluster(Credential credential) {
        return channel().map(
                channel -> prepared(ClusterGrpc.newStub(channel), credential,
                        member.config().requestTimeout().toMillis()));
    }

    private <S extends AbstractStub<S>> S prepared(S stub, Credential credential, long millis) {
        S prepared = stub
                .withInterceptors(MetadataUtils
                        .newAttachHeadersInterceptor(Forwarded.headers(credential)))
                .withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
        return credential instanceof Credential.CommonName(String user)
                ? prepared.withCallCredentials(new CertificateToken(authentication, user))
                : prepared;
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
                    .flatMap(attributes -> attributes.getClientUrlsList().stream())
                    .filter(url -> !url.startsWith("unix")).findFirst();
        }
        return address.flatMap(channels::to);
    }
}
