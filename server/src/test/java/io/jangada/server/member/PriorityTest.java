// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.member;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.server.auth.Caller;
import org.junit.jupiter.api.Test;

/** What goes on while a member lags behind what is committed. */
class PriorityTest {

    @Test
    void whatKeepsTheClusterGoingHasPriority() {
        InternalRaftRequest.Builder request = InternalRaftRequest.newBuilder();
        assertThat(of(request.clone().setPut(PutRequest.getDefaultInstance()))).isFalse();
        assertThat(of(request.clone().setAlarm(AlarmRequest.getDefaultInstance()))).isTrue();
        assertThat(of(request.clone().setLeaseRevoke(LeaseRevokeRequest.getDefaultInstance())))
                .isTrue();
        assertThat(of(request.clone().setCompaction(CompactionRequest.getDefaultInstance())))
                .isTrue();
        assertThat(LocalMember.hasPriority(Caller.MEMBER, InternalRaftRequest.newBuilder()
                .setPut(PutRequest.getDefaultInstance()).build())).isTrue();
    }

    private static boolean of(InternalRaftRequest.Builder request) {
        return LocalMember.hasPriority(Caller.ANONYMOUS, request.build());
    }
}
