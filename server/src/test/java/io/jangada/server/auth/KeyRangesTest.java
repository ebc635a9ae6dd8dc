// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import io.jangada.mvcc.KeyRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

/** Whether a range lies in what was granted: against every key of a small alphabet. */
final class KeyRangesTest {

    @Test
    void touchingGrantsAreOne() {
        KeyRanges granted = ranges("a", "c", "c", "e");
        assertThat(granted.covers(utf8("b"), utf8("d"))).isTrue();
        assertThat(granted.covers(utf8("b"), utf8("e\0"))).isFalse();
    }

    @Test
    void aGapIsNotCovered() {
        assertThat(ranges("a", "b", "c", "d").covers(utf8("a"), utf8("d"))).isFalse();
    }

    @Test
    void anOpenEndNeedsAnOpenEnd() {
        assertThat(ranges("a", "\0").covers(utf8("b"), utf8("\0"))).isTrue();
        assertThat(ranges("a", "z").covers(utf8("b"), utf8("\0"))).isFalse();
        assertThat(ranges("b", "\0").covers(utf8("a"), utf8("\0"))).isFalse();
    }

    @Test
    void bytesCompareUnsigned() {
        KeyRanges granted = KeyRanges.of(List.of(permission(utf8("a"), bytes(0xff))));
        assertThat(granted.covers(bytes(0x80), ByteString.EMPTY)).isTrue();
    }

    @Test
    void aRangeWithoutKeysAsksForItsKey() {
        assertThat(ranges("a", "").covers(utf8("b"), utf8("a"))).isFalse();
        assertThat(ranges("b", "").covers(utf8("b"), utf8("a"))).isTrue();
    }

    @RepeatedTest(200)
    void coversWhatEveryKeySays(RepetitionInfo run) {
        long seed = run.getCurrentRepetition();
        Random random = new Random(seed);
        List<Permission> granted = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            granted.add(permission(key(random), random.nextInt(3) == 0
                    ? ByteString.EMPTY
                    : key(random)));
        }
        granted.removeIf(one -> isEmpty(one.getKey(), one.getRangeEnd()));
        ByteString key = key(random);
        ByteString end = random.nextInt(3) == 0 ? ByteString.EMPTY : key(random);
        if (isEmpty(key, end)) {
            return;
        }
        boolean expected = universe().stream().filter(new KeyRange(key, end)::contains)
                .allMatch(one -> granted.stream().anyMatch(
                        permission -> new KeyRange(permission.getKey(), permission.getRangeEnd())
                                .contains(one)));
        assertThat(KeyRanges.of(granted).covers(key, end))
                .as("seed %d: [%s, %s) in %s", seed, key.toStringUtf8(), end.toStringUtf8(),
                        granted)
                .isEqualTo(expected);
    }

    private static boolean isEmpty(ByteString key, ByteString end) {
        return new KeyRange(key, end).isEmpty();
    }

    private static final String ALPHABET = "\0abc";

    /* Ends of up to two letters; keys of up to four tell every two sets of them apart. */
    private static ByteString key(Random random) {
        String first = ALPHABET.substring(1 + random.nextInt(3)).substring(0, 1);
        return utf8(random.nextBoolean()
                ? first
                : first + ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }

    private static List<ByteString> universe() {
        List<String> all = new ArrayList<>(List.of(""));
        for (int from = 0, length = 0; length < 4; length++) {
            int to = all.size();
            for (; from < to; from++) {
                for (int i = 0; i < ALPHABET.length(); i++) {
                    all.add(all.get(from) + ALPHABET.charAt(i));
                }
            }
        }
        return all.stream().filter(one -> !one.isEmpty()).map(KeyRangesTest::utf8).toList();
    }

    private static KeyRanges ranges(String... keysAndEnds) {
        List<Permission> all = new ArrayList<>();
        for (int i = 0; i < keysAndEnds.length; i += 2) {
            all.add(permission(utf8(keysAndEnds[i]), utf8(keysAndEnds[i + 1])));
        }
        return KeyRanges.of(all);
    }

    private static Permission permission(ByteString key, ByteString end) {
        return Permission.newBuilder().setKey(key).setRangeEnd(end).build();
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }

    private static ByteString bytes(int value) {
        return ByteString.copyFrom(new byte[]{(byte) value});
    }
}
