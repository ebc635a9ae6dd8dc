// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.server.StartException;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.ServerConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One cluster for all; what one test does to it is undone before the next. */
@Timeout(120)
class EtcdClusterTest {
    @RegisterExtension
    static final EtcdExtension ETCD = EtcdExtension.of(3);

    private final List<ManagedChannel> channels = new ArrayList<>();

    @AfterEach
    void close() {
        channels.forEach(ManagedChannel::shutdownNow);
    }

    private KVGrpc.KVBlockingStub kv(EtcdMember member) {
        ManagedChannel channel = NettyChannelBuilder
                .forAddress(member.endpoint().getHost(), member.endpoint().getPort())
                .usePlaintext().build();
        channels.add(channel);
        return KVGrpc.newBlockingStub(channel).withWaitForReady().withDeadlineAfter(60,
                TimeUnit.SECONDS);
    }

    private void put(EtcdMember member, String key, String value) {
        var unused = kv(member).put(PutRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value)).build());
    }

    private Optional<String> get(EtcdMember member, String key, boolean isSerializable) {
        return kv(member)
                .range(RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8(key))
                        .setSerializable(isSerializable).build())
                .getKvsList().stream().map(found -> found.getValue().toString(UTF_8)).findFirst();
    }

    private EtcdMember other(EtcdMember not) {
        return ETCD.cluster().members().stream().filter(one -> one != not).findFirst()
                .orElseThrow();
    }

    @Test
    void anOptionThatIsRefusedLeavesNoFolderBehind() {
        List<Path> folders = new ArrayList<>();
        EtcdCluster.Builder refused = EtcdCluster.builder().options(member -> {
            folders.add(folderOf(member));
            return member.maxTxnOps(0);
        });
        assertThatThrownBy(refused::start).isInstanceOf(StartException.class)
                .hasMessage("--max-txn-ops is 0, below 1");
        assertThat(folders).hasSize(1).noneMatch(Files::exists);
    }

    private static Path folderOf(ServerConfig.Builder member) {
        try {
            return Objects.requireNonNull(member.build().dataDir().getParent());
        } catch (ConfigException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Test
    void aMemberOfAClosedClusterLeavesNoFolderBehind() throws Exception {
        EtcdCluster gone = EtcdCluster.builder().start();
        EtcdMember member = gone.members().getFirst();
        gone.close();
        assertThatThrownBy(member::start).isInstanceOf(IllegalStateException.class)
                .hasMessageEndingWith("is closed");
        assertThat(member.dataDirectory()).doesNotExist();
    }

    @Test
    void membersOfAnotherClusterAreNotCutOffHere() throws Exception {
        try (EtcdCluster other = EtcdCluster.builder().start()) {
            EtcdMember stranger = other.members().getFirst();
            assertThatThrownBy(() -> ETCD.cluster().partition(stranger))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("not of this cluster: m1 at ");
        }
    }

    @Test
    void aKilledLeaderIsReplacedAndComesBackWithEverything() throws Exception {
        EtcdMember leader = ETCD.cluster().leader();
        put(leader, "killed", "before");
        leader.kill();
        assertThat(leader.isRunning()).isFalse();
        EtcdMember next = ETCD.cluster().leader();
        assertThat(next).isNotSameAs(leader);
        put(next, "killed", "after");
        leader.start();
        assertThat(get(leader, "killed", false)).contains("after");
    }

    @Test
    void whoeverIsCutOffDoesNotSeeWhatTheMajorityWrites() {
        EtcdMember first = ETCD.cluster().leader();
        put(first, "cut", "before");
        ETCD.cluster().partition(first);
        EtcdMember second = ETCD.cluster().leader();
        assertThat(second).isNotSameAs(first);
        put(second, "cut", "after");
        assertThat(get(first, "cut", true)).contains("before");
        ETCD.cluster().heal();
        assertThat(get(first, "cut", false)).contains("after");
    }

    @Test
    void aMemberThatIsStoppedMissesNothing() throws Exception {
        EtcdMember away = other(ETCD.cluster().leader());
        away.stop();
        away.stop();
        put(other(away), "stopped", "meanwhile");
        ETCD.cluster().startAll();
        assertThat(get(away, "stopped", false)).contains("meanwhile");
    }

    @Test
    void aClusterOfOneNeedsNoExtensionAndLeavesNothing() throws Exception {
        Path data;
        try (EtcdCluster one = EtcdCluster.builder().members(1)
                .options(options -> options.maxRequestBytes(100)).start()) {
            EtcdMember alone = one.leader();
            data = alone.dataDirectory();
            assertThat(data).isDirectory();
            assertThat(alone).hasToString("m1 at " + alone.endpoint());
            put(alone, "key", "value");
            assertThatThrownBy(() -> put(alone, "key", "v".repeat(200_000)))
                    .hasMessageContaining("request is too large");
        }
        assertThat(data).doesNotExist();
    }

    @Test
    void sizesOutOfBoundsAreRefused() {
        assertThatThrownBy(() -> EtcdExtension.of(8)).hasMessageContaining("8");
        assertThatThrownBy(() -> EtcdExtension.of(0)).hasMessageContaining("0");
        assertThatThrownBy(() -> EtcdExtension.of(1).cluster())
                .isInstanceOf(IllegalStateException.class);
    }
}
