// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.KeyValue;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class GatewayRoutesTest {
    private final Map<String, GatewayRoute> routes = GatewayRoutes.all();

    @Test
    void everyMethodHasAPath() {
        var served = new TreeSet<String>();
        routes.values().forEach(route -> served.add(route.method().getFullMethodName()));
        var all = new TreeSet<>(GatewayRoutes.methods().keySet());
        all.remove("etcdserverpb.KV/RangeStream"); // etcd gives it none.
        assertThat(served).isEqualTo(all);
        assertThat(routes).hasSize(all.size() + 3); // The aliases of lease paths.
    }

    @Test
    void everyPathTakesTheRequestAndGivesTheAnswerOfItsMethod() throws Exception {
        for (GatewayRoute route : routes.values()) {
            Message request = route.parse("{}");
            assertThat(route.parse(route.print(request).replaceAll("^\\{\"result\":(.*)}$", "$1")))
                    .as(route.method().getFullMethodName()).isEqualTo(request);
            assertThat(route.parse(" ")).isEqualTo(request);
        }
    }

    @Test
    void readsNamesOfTheProtoBytesNumbersAndEnums() throws Exception {
        Message txn = route("/v3/kv/txn").parse("""
                {"compare":[{"result":"EQUAL","target":"MOD","key":"a2V5","mod_revision":"7"}],
                 "success":[{"request_put":{"key":"a2V5","value":"dg==","prev_kv":true}}],
                 "unknown":{"field":[1]}}""");
        assertThat(txn).isInstanceOfSatisfying(TxnRequest.class, read -> {
            assertThat(read.getCompare(0)).isEqualTo(Compare.newBuilder()
                    .setResult(Compare.CompareResult.EQUAL).setTarget(Compare.CompareTarget.MOD)
                    .setKey(ByteString.copyFromUtf8("key")).setModRevision(7).build());
            assertThat(read.getSuccess(0).getRequestPut().getPrevKv()).isTrue();
        });
        assertThat(route("/v3/kv/put").parse("{\"lease\":12,\"ignoreValue\":true}"))
                .isEqualTo(PutRequest.newBuilder().setLease(12).setIgnoreValue(true).build());
    }

    @Test
    void printsWhatIsSetAsEtcdDoes() {
        RangeResponse response = RangeResponse.newBuilder()
                .setHeader(ResponseHeader.newBuilder().setClusterId(-1L).setRevision(3))
                .addKvs(KeyValue.newBuilder().setKey(ByteString.copyFromUtf8("<k>"))
                        .setCreateRevision(2))
                .setCount(1).build();
        assertThat(route("/v3/kv/range").print(response)).isEqualTo(
                "{\"header\":{\"cluster_id\":\"18446744073709551615\",\"revision\":\"3\"},"
                        + "\"kvs\":[{\"key\":\"PGs+\",\"create_revision\":\"2\"}],\"count\":\"1\"}");
        assertThat(route("/v3/watch").print(
                WatchResponse.newBuilder().setWatchId(1).setCreated(true).build()))
                .isEqualTo("{\"result\":{\"watch_id\":\"1\",\"created\":true}}");
    }

    @Test
    void refusesWhatIsNoRequest() {
        for (String text : new String[]{"{", "[]", "{\"key\":5.5,\"lease\":\"x\"}",
            "{\"key\":".repeat(100_000), "[".repeat(100_000)}) {
            assertThatThrownBy(() -> route("/v3/kv/put").parse(text)).as(text)
                    .isInstanceOf(InvalidProtocolBufferException.class);
        }
    }

    private GatewayRoute route(String path) {
        return Objects.requireNonNull(routes.get(path), path);
    }
}
