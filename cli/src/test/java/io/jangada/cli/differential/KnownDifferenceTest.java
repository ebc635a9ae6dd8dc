// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.mvcc.KeyValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/api.md has the table of differences: what differs is to be copied from this test's message. */
class KnownDifferenceTest {

    @Test
    void documentHasTheTable() throws Exception {
        Path module = Path.of(System.getProperty("basedir", "."));
        String document = Files.readString(module.resolve("../docs/api.md"));
        String table = KnownDifference.TABLE + Arrays.stream(KnownDifference.values())
                .map(KnownDifference::row).collect(Collectors.joining("\n")) + "\n";
        int begin = document.indexOf(KnownDifference.TABLE);
        assertThat(begin).as("place of the table").isPositive();
        int end = document.indexOf("\n\n", begin) + 1;
        assertThat(document.substring(begin, end)).isEqualTo(table);
    }

    @Test
    void aDifferenceCoversNoOtherBesideIt() {
        Call call = Call.of(KVGrpc.getRangeMethod(), RangeRequest.newBuilder().setKeysOnly(true)
                .build());
        KeyValue leased = KeyValue.newBuilder().setVersion(1).setLease(7).build();
        KeyValue bare = leased.toBuilder().clearLease().build();
        assertThat(KnownDifference.KEYS_ONLY_LEASE.covers(call, answer(leased), answer(bare)))
                .isTrue();
        assertThat(KnownDifference.KEYS_ONLY_LEASE.covers(call, answer(leased),
                answer(bare.toBuilder().setVersion(2).build()))).isFalse();
        assertThat(KnownDifference.KEYS_ONLY_LEASE.covers(
                Call.of(KVGrpc.getRangeMethod(), RangeRequest.getDefaultInstance()),
                answer(leased), answer(bare))).isFalse();
    }

    private static Answer answer(KeyValue kv) {
        return Answer.of(List.of(RangeResponse.newBuilder().addKvs(kv).build()), Status.OK);
    }
}
