// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.print;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthRoleGetResponse;
import io.jangada.api.etcd.HashKVResponse;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.api.etcd.ResponseOp;
import io.jangada.api.etcd.TxnResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoJsonTest {
    @Test
    void numbersHaveNoQuotesAndIdentifiersNoSign() {
        assertThat(GoJson.text(ResponseHeader.newBuilder().setClusterId(-1).setRevision(-2)
                .setRaftTerm(3).build()))
                .isEqualTo("{\"cluster_id\":18446744073709551615,\"revision\":-2,\"raft_term\":3}");
        assertThat(GoJson.text(HashKVResponse.newBuilder().setHash(-1).build()))
                .isEqualTo("{\"hash\":4294967295}");
    }

    @Test
    void enumsAreNumbersAndBytesAreBase64() {
        assertThat(GoJson.text(AuthRoleGetResponse.newBuilder()
                .addPerm(Permission.newBuilder().setPermType(Permission.Type.READWRITE)
                        .setKey(ByteString.copyFromUtf8("a2")))
                .addPerm(Permission.newBuilder().setPermType(Permission.Type.READ)).build()))
                .isEqualTo("{\"perm\":[{\"permType\":2,\"key\":\"YTI=\"},{}]}");
    }

    @Test
    void aChoiceIsAnObjectOfItsOwn() {
        assertThat(GoJson.text(TxnResponse.newBuilder().setSucceeded(true)
                .addResponses(ResponseOp.newBuilder()
                        .setResponsePut(PutResponse.getDefaultInstance()))
                .build()))
                .isEqualTo(
                        "{\"succeeded\":true,\"responses\":[{\"Response\":{\"ResponsePut\":{}}}]}");
    }

    @Test
    void textsAreSafeInHtml() {
        assertThat(GoJson.text(List.of("a\"\\\n\t\u0001<&>é\u2028", true, GoJson.NULL,
                Map.of("k", 1L))))
                .isEqualTo("[\"a\\\"\\\\\\n\\t\\u0001\\u003c\\u0026\\u003eé\\u2028\",true,null,"
                        + "{\"k\":1}]");
    }

    @Test
    void whatIsNoJsonIsRefused() {
        assertThatThrownBy(() -> GoJson.text(new Object()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
