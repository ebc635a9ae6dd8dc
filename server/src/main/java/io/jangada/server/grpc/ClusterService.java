// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.Member;
import io.jangada.api.etcd.MemberListRequest;
import io.jangada.api.etcd.MemberListResponse;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.Members;
import io.jangada.server.member.LocalMember;

/** The Cluster service, as far as it reads. */
public final class ClusterService extends ClusterGrpc.ClusterImplBase {
    private final LocalMember member;

    /** Serves {@code member}. */
    public ClusterService(LocalMember member) {
        this.member = member;
    }

    @Override
    public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> out) {
        if (request.getLinearizable()) {
            member.readIndex(() -> list(out), error -> out.onError(error.exception()));
        } else {
            list(out);
        }
    }

    private void list(StreamObserver<MemberListResponse> out) {
        MemberListResponse.Builder response = MemberListResponse.newBuilder()
                .setHeader(member.header(0));
        try (ReadView view = member.store().view()) {
            for (io.jangada.api.membership.Member one : Members.all(view)) {
                response.addMembers(Member.newBuilder().setID(one.getID())
                        .setName(one.getMemberAttributes().getName())
                        .addAllPeerURLs(one.getRaftAttributes().getPeerUrlsList())
                        .addAllClientURLs(one.getMemberAttributes().getClientUrlsList())
                        .setIsLearner(one.getRaftAttributes().getIsLearner()));
            }
        }
        out.onNext(response.build());
        out.onCompleted();
    }
}
