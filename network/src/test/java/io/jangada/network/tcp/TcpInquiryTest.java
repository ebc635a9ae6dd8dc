// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.HostPort;
import io.jangada.network.Network;
import io.jangada.network.tcp.Members.Member;
import io.jangada.raft.model.Bytes;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who the members are, asked by one that is none. */
@Timeout(60)
class TcpInquiryTest {
    private static final long PATIENCE_SECONDS = 20;

    private final Members members = new Members();

    @AfterEach
    void close() {
        members.close();
    }

    private Bytes ask(HostPort address, long group) throws Exception {
        return new TcpInquiry(TcpOptions.PLAIN, Members.LIMITS, members.runtime())
                .ask(address, group).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void aMemberAnswersForTheGroupThatIsAskedFor() throws Exception {
        Member one = members.start(1);
        Bytes large = Bytes.wrap(new byte[Network.NOTE_BYTES_MAX]);
        one.heard().rosters.put(1L, Bytes.utf8("ours"));
        one.heard().rosters.put(2L, large);
        assertThat(ask(one.address(), 1)).isEqualTo(Bytes.utf8("ours"));
        assertThat(ask(one.address(), 2)).isEqualTo(large);
    }

    @Test
    void whereNothingIsKnownOrNobodyListensThereIsAReason() throws Exception {
        Member one = members.start(1);
        HostPort gone = one.address();
        assertThatThrownBy(() -> ask(gone, 3)).hasMessageContaining("group 3 is not here");
        one.network().close();
        assertThatThrownBy(() -> ask(gone, 3)).hasMessageContaining("onnection refused")
                .cause().message().doesNotContain("Exception");
    }
}
