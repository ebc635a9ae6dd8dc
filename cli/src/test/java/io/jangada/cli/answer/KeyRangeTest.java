// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.cli.answer.KeyRange.Extent;
import java.util.List;
import org.junit.jupiter.api.Test;

class KeyRangeTest {
    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    @Test
    void aPrefixEndsBeforeTheNextOne() {
        assertThat(KeyRange.prefixEnd(ByteString.copyFromUtf8("k/")))
                .isEqualTo(ByteString.copyFromUtf8("k0"));
        assertThat(KeyRange.prefixEnd(ByteString.copyFrom(new byte[]{1, -1, -1})))
                .isEqualTo(ByteString.copyFrom(new byte[]{2}));
        assertThat(KeyRange.prefixEnd(ByteString.copyFrom(new byte[]{-1}))).isEqualTo(ZERO);
    }

    @Test
    void nothingAsAPrefixIsEverything() {
        assertThat(KeyRange.of(List.of(""), Extent.PREFIX)).isEqualTo(new KeyRange(ZERO, ZERO));
        assertThat(KeyRange.of(List.of(""), Extent.FROM_KEY)).isEqualTo(new KeyRange(ZERO, ZERO));
        assertThat(KeyRange.of(List.of(""), Extent.AS_GIVEN).key()).isEqualTo(ByteString.EMPTY);
    }

    @Test
    void isDescribedAsEtcdctlDoes() {
        assertThat(KeyRange.of(List.of("a"), Extent.AS_GIVEN).describedWithPrefix())
                .isEqualTo("a");
        assertThat(KeyRange.of(List.of("a", "c"), Extent.AS_GIVEN).describedWithPrefix())
                .isEqualTo("[a, c)");
        assertThat(KeyRange.of(List.of("k/"), Extent.PREFIX).describedWithPrefix())
                .isEqualTo("[k/, k0) (prefix k/)");
        assertThat(KeyRange.of(List.of("z"), Extent.FROM_KEY).describedWithPrefix())
                .isEqualTo("[z, <open ended>");
    }
}
