// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.mvcc.KeyValue;
import java.util.List;
import org.junit.jupiter.api.Test;

class EntriesTest {
    private static final KeyValue FIRST = entry("m/b", " one=http://a:1\n", 3);
    private static final KeyValue SECOND = entry("m/a", "two=http://b:1,two=http://c:1", 5);
    private static final KeyValue THIRD = entry("m/c", "three=http://d:1", 9);

    @Test
    void thoseThatCameFirstAreTheCluster() {
        Entries entries = new Entries(2, 9, List.of(SECOND, FIRST, THIRD));
        assertThat(entries.isComplete()).isTrue();
        assertThat(entries.initialCluster())
                .isEqualTo("one=http://a:1,two=http://b:1,two=http://c:1");
    }

    @Test
    void isFullForThoseWhoCameTooLate() {
        Entries entries = new Entries(2, 9, List.of(FIRST, SECOND, THIRD));
        assertThat(entries.isFullWithout("m/a")).isFalse();
        assertThat(entries.isFullWithout("m/b")).isFalse();
        assertThat(entries.isFullWithout("m/c")).isTrue();
        assertThat(entries.isFullWithout("m/d")).isTrue();
    }

    @Test
    void hasRoomUntilAllAreThere() {
        Entries entries = new Entries(3, 9, List.of(FIRST, SECOND));
        assertThat(entries.isComplete()).isFalse();
        assertThat(entries.isFullWithout("m/d")).isFalse();
    }

    @Test
    void whatIsNoEntryTakesNoPlace() {
        Entries entries = new Entries(2, 9, List.of(entry("m/x", "nonsense", 1), SECOND));
        assertThat(entries.isComplete()).isFalse();
        assertThat(entries.inOrder()).containsExactly(SECOND);
    }

    private static KeyValue entry(String key, String value, long created) {
        return KeyValue.newBuilder().setKey(ByteString.copyFromUtf8(key))
                .setValue(ByteString.copyFromUtf8(value)).setCreateRevision(created).build();
    }
}
