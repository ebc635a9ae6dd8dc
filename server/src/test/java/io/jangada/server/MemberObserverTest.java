// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.ConfState;
import java.util.List;
import org.junit.jupiter.api.Test;

class MemberObserverTest {

    @Test
    void membersAreToldAsMemberListShowsThem() {
        assertThat(MemberObserver.told(new ConfState(List.of(-7572572623077655921L, 10L),
                List.of(), List.of(), List.of(), false))).isEqualTo("voters=96e8d1520d9bba8f,a");
    }

    @Test
    void whatIsUnderWayIsToldToo() {
        assertThat(MemberObserver.told(
                new ConfState(List.of(1L), List.of(2L), List.of(3L, 4L), List.of(5L), true)))
                .isEqualTo("voters=1 learners=2 voters-outgoing=3,4 learners-next=5");
    }
}
