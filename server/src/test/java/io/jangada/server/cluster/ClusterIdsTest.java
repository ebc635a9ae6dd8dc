// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class ClusterIdsTest {
    @Test
    void clusterIdIsWhatEtcdComputes() {
        long member = ClusterIds.memberId(List.of("https://localhost:20001"), "new");

        assertThat(ClusterIds.clusterId(List.of(member))).isEqualTo(0x34c21a2d427db393L);
    }
}
