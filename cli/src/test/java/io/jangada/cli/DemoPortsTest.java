// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class DemoPortsTest {
    /** A client that waits for the demo met the members that are only there to be recorded, and lost with them what it wrote. */
    @Test
    void membersThatNobodyIsToMeetKeepOffEtcdsPorts() throws Exception {
        List<DemoMember.Address> addresses = DemoPorts.any();
        assertThat(addresses).extracting(DemoMember.Address::name).containsExactly("m1", "m2",
                "m3");
        assertThat(addresses.stream()
                .flatMap(one -> Stream.of(one.clientPort(), one.peerPort())))
                .doesNotHaveDuplicates()
                .doesNotContain(2379, 2380, 22379, 22380, 32379, 32380);
    }
}
