// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import io.jangada.network.tls.ManualClock;
import io.jangada.network.tls.PeerTls;
import io.jangada.network.tls.TestAuthority;
import io.jangada.network.tls.TlsContexts;
import io.jangada.network.tls.TlsOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberChannelsTest {
    private static final String HTTPS = "https://127.0.0.1:1";

    @Test
    void eachUrlHasOneConnectionAndHttpsNeedsTls() {
        try (MemberChannels channels = MemberChannels.plain()) {
            ManagedChannel one = channels.to("http://127.0.0.1:1").orElseThrow();

            assertThat(channels.to("http://127.0.0.1:1")).containsSame(one);
            assertThat(channels.to("http://127.0.0.1:2")).isPresent().get().isNotSameAs(one);
            assertThat(channels.to(HTTPS)).isEmpty();
        }
    }

    @Test
    void aConnectionIsOpenedAgainOnceItsFilesHaveChanged(@TempDir Path folder) throws Exception {
        ManualClock clock = new ManualClock();
        TestAuthority authority = new TestAuthority(folder, "authority");
        PeerTls files = authority.mutual("one", "127.0.0.1").withOptions(
                TlsOptions.DEFAULT.withApplicationProtocols(List.of("http/1.1", "h2")));
        try (MemberChannels channels = MemberChannels
                .with(TlsContexts.open(files, Runnable::run, clock))) {
            ManagedChannel before = channels.to(HTTPS).orElseThrow();
            PeerTls next = authority.mutual("two", "127.0.0.1");
            Files.move(next.keyFile(), files.keyFile(), StandardCopyOption.REPLACE_EXISTING);
            Files.move(next.certificateFile(), files.certificateFile(),
                    StandardCopyOption.REPLACE_EXISTING);
            assertThat(channels.to(HTTPS)).containsSame(before);

            clock.pass(1);

            ManagedChannel after = channels.to(HTTPS).orElseThrow();
            assertThat(after).isNotSameAs(before);
            assertThat(before.isShutdown()).isTrue();
            assertThat(channels.to(HTTPS)).containsSame(after);
        }
    }
}
