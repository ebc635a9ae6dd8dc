// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A leader that was stopped and wakes up when others lead must not answer from its old state. */
class FrozenLeaderIT {
    private static final ByteString KEY = ByteString.copyFromUtf8("key");

    @Test
    void wokenLeaderServesNoStaleRead(@TempDir Path folder) throws Exception {
        try (var cluster = new Cluster(3, folder).start();
                ExecutorService reads = Executors.newFixedThreadPool(16)) {
            for (int round = 0; round < 3; round++) {
                MemberProcess frozen = cluster.awaitLeader();
                put(frozen, "old-" + round);
                frozen.signal("STOP");
                // These wait in the frozen leader's sockets and are the first that it sees when it wakes.
                List<Future<String>> waiting = readAll(reads, frozen);
                List<MemberProcess> others = cluster.members().stream()
                        .filter(member -> member != frozen).toList();
                Cluster.await("another leader", 20,
                        () -> others.stream().anyMatch(MemberProcess::leads));
                MemberProcess leader = others.stream().filter(MemberProcess::leads).findFirst()
                        .orElseThrow();
                put(leader, "new-" + round);
                frozen.signal("CONT");
                // A read that began before the put may see either; one that begins now must see the put.
                List<Future<String>> after = readAll(reads, frozen);
                for (Future<String> read : waiting) {
                    assertThat(read.get()).isIn("old-" + round, "new-" + round, "refused");
                }
                for (Future<String> read : after) {
                    assertThat(read.get()).isIn("new-" + round, "refused");
                }
                cluster.awaitLeaderEverywhere();
                assertThat(read(frozen)).isEqualTo("new-" + round);
            }
        }
    }

    private static List<Future<String>> readAll(ExecutorService threads, MemberProcess member) {
        var reads = new ArrayList<Future<String>>();
        for (int i = 0; i < 8; i++) {
            Callable<String> read = () -> read(member);
            reads.add(threads.submit(read));
        }
        return reads;
    }

    private static String read(MemberProcess member) {
        try {
            RangeResponse response = member.kv(10_000)
                    .range(RangeRequest.newBuilder().setKey(KEY).build());
            return response.getKvs(0).getValue().toStringUtf8();
        } catch (StatusRuntimeException ignored) {
            return "refused";
        }
    }

    private static void put(MemberProcess member, String value) {
        PutRequest request = PutRequest.newBuilder().setKey(KEY)
                .setValue(ByteString.copyFromUtf8(value)).build();
        assertThat(member.kv(10_000).put(request).getHeader().getRevision()).isPositive();
    }
}
