// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Lists;
import com.google.protobuf.ByteString;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RangeStreamResponse;
import io.jangada.api.mvcc.KeyValue;
import io.jangada.server.OneMember;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranges in parts, beside the same ranges in one piece. */
@Timeout(60)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set in start().
class RangeStreamTest {
    private static final ByteString ALL = ByteString.copyFrom(new byte[1]);
    private static final int KEYS = 200;

    private OneMember member;
    private KVGrpc.KVBlockingStub kv;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        member = OneMember.start(
                OneMember.config(folder.resolve("data")).maxRequestBytes(4_096).build());
        kv = KVGrpc.newBlockingStub(member.channel());
        for (int i = 0; i < KEYS; i++) {
            var ignored = kv.put(PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(String.format("k%03d", i)))
                    .setValue(ByteString.copyFrom(new byte[i < 100 ? 10 : 300])).build());
        }
    }

    @AfterAll
    void stop() {
        member.close();
    }

    private static RangeRequest.Builder everything() {
        return RangeRequest.newBuilder().setKey(ALL).setRangeEnd(ALL);
    }

    private List<RangeResponse> stream(RangeRequest request) {
        return Lists.newArrayList(kv.rangeStream(request)).stream()
                .map(RangeStreamResponse::getRangeResponse).toList();
    }

    private static List<KeyValue> joined(List<RangeResponse> parts) {
        List<KeyValue> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.getKvsList()));
        return all;
    }

    @Test
    void partsAreTheWholeAndTheLastOneSaysSo() {
        RangeResponse whole = kv.range(everything().build());
        List<RangeResponse> parts = stream(everything().build());
        assertThat(joined(parts)).isEqualTo(whole.getKvsList()).hasSize(KEYS);
        assertThat(parts.stream().map(RangeResponse::getKvsCount))
                .as("more keys each time, as far as a request's size allows")
                .startsWith(10, 20, 40);
        assertThat(parts).allMatch(part -> part.getSerializedSize() < 4_096 + 400);
        assertThat(parts.getLast().getKvsCount()).isLessThan(40);
        assertThat(parts.subList(0, parts.size() - 1))
                .allMatch(part -> !part.hasHeader() && part.getCount() == 0);
        assertThat(parts.getLast().getCount()).isEqualTo(KEYS);
        assertThat(parts.getLast().getMore()).isFalse();
        assertThat(parts.getLast().getHeader()).isEqualTo(whole.getHeader());
    }

    @Test
    void limitsCountsRevisionsAndSingleKeys() {
        List<RangeResponse> some = stream(everything().setLimit(15).build());
        assertThat(joined(some)).hasSize(15);
        assertThat(some.getLast().getMore()).isTrue();
        assertThat(some.getLast().getCount()).isEqualTo(KEYS);
        List<RangeResponse> count = stream(everything().setCountOnly(true).build());
        assertThat(count).hasSize(1);
        assertThat(count.getFirst().getCount()).isEqualTo(KEYS);
        assertThat(joined(stream(everything().setRevision(51).build()))).hasSize(50);
        RangeRequest one = RangeRequest.newBuilder().setKey(ByteString.copyFromUtf8("k007"))
                .setSerializable(true).build();
        assertThat(stream(one)).containsExactly(kv.range(one));
    }

    @Test
    void whatCannotBeAnsweredInPartsIsRefused() {
        assertThatThrownBy(() -> stream(everything()
                .setSortOrder(RangeRequest.SortOrder.DESCEND).build()))
                .hasMessageStartingWith("UNIMPLEMENTED");
        assertThatThrownBy(() -> stream(everything().setMinModRevision(3).build()))
                .hasMessageStartingWith("UNIMPLEMENTED");
        assertThatThrownBy(() -> stream(RangeRequest.getDefaultInstance()))
                .hasMessageContaining("etcdserver: key is not provided");
        assertThatThrownBy(() -> stream(everything().setRevision(10_000).build()))
                .hasMessageContaining("required revision is a future revision");
        var ignored = kv.compact(CompactionRequest.newBuilder().setRevision(20).build());
        assertThatThrownBy(() -> stream(everything().setRevision(19).build()))
                .hasMessageContaining("required revision has been compacted");
    }
}
