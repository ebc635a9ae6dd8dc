// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How versions and their links are written, and what is refused. */
final class VersionTest {
    private static final ByteString KEY = ByteString.copyFromUtf8("a");
    private static final KeyValue PUT_AT_300 = new KeyValue(KEY, 2, 300, 2, KEY, 0);
    /** Of the put at 300, sub 1: second change, after a put at 2, sub 0. */
    private static final String HEADER = "02" + "ac02" + "02" + "ab02" + "00";
    private static final String CONTENT = "0a0161" + "1002" + "18ac02" + "2002" + "2a0161";

    @Test
    void isWrittenAsDocumented() {
        Link link = new Link(put(300, 1), 2, put(2, 0));
        assertThat(hex(Version.encode(link, PUT_AT_300))).isEqualTo(HEADER + CONTENT);
        Link gone = new Link(deletion(300, 1), 2, put(2, 0));
        assertThat(hex(Version.encode(gone, PUT_AT_300)))
                .isEqualTo("02" + "ac02" + "03" + "ab02" + "00" + "0a0161");
        assertThat(hex(Version.encode(Link.first(put(300, 0)), PUT_AT_300)))
                .isEqualTo("01" + "ac02" + "00" + "00" + CONTENT);
    }

    @Test
    void reads() {
        Version version = Version.decode(bytes(HEADER + CONTENT));
        assertThat(version.link()).isEqualTo(new Link(put(300, 1), 2, put(2, 0)));
        assertThat(version.keyValue()).isEqualTo(PUT_AT_300);
        assertThat(hex(version.content())).isEqualTo(CONTENT);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void readsWhatItWrote(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            long main = 2 + (random.nextLong() >>> (1 + random.nextInt(61)));
            ChangeId id = new ChangeId(main, 1 + (random.nextInt() >>> 1) / 2,
                    type(random));
            long previousMain = random.nextBoolean() ? main : 1 + random.nextLong(main - 1);
            ChangeId previous = new ChangeId(previousMain, random.nextInt((int) id.sub()),
                    type(random));
            Link link = random.nextInt(4) == 0
                    ? Link.first(id)
                    : new Link(id, 2 + (random.nextLong() >>> (2 + random.nextInt(60))), previous);
            KeyValue keyValue = id.isPut()
                    ? new KeyValue(KEY, 1, main, 3, Rows.number(i), 7)
                    : KeyValue.deleted(KEY, main);
            ByteString row = Version.encode(link, keyValue);
            assertThat(Version.link(row.substring(0,
                    Math.min(Version.LINK_BYTES_MAX, row.size())))).as("seed %d", seed)
                    .isEqualTo(link);
            Version read = Version.decode(row);
            assertThat(read.link()).as("seed %d", seed).isEqualTo(link);
            assertThat(read.keyValue()).as("seed %d", seed).isEqualTo(keyValue);
        }
    }

    @Test
    void refusesEveryCut() {
        String row = HEADER + CONTENT;
        int withoutValue = row.length() - "2a0161".length();
        for (int at = 0; at < row.length(); at += 2) {
            if (at == withoutValue) {
                continue; // a put of an empty value
            }
            ByteString cut = bytes(row.substring(0, at));
            assertThatThrownBy(() -> Version.decode(cut).keyValue()).as("%d bytes", at / 2)
                    .isInstanceOf(CorruptStoreException.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "00" + "05" + "00" + "00", // the chain has had no change
        "01" + "00" + "00" + "00", // at no revision
        "01" + "00" + "01" + "00", // the same, and a tombstone
        "02" + "05" + "00" + "00", // second change, nothing before it
        "01" + "05" + "00" + "02" + "00", // first change, something before it
        "02" + "05" + "00" + "01" + "00", // before it comes itself
        "02" + "05" + "00" + "01" + "02", // before it comes a later one of its transaction
        "02" + "05" + "00" + "06" + "00", // before it comes one at revision 0
        "01" + "05" + "00" + "06" + "01", // the same, written as if it were none
        "02" + "05" + "00" + "07" + "00", // before it comes one before all revisions
        "02" + "05" + "00" + "ffffffffffffffffff01" + "00", // an endless way back
        "01" + "ffffffffffffffffff01" + "00" + "00", // a revision below 0
        "ffffffffffffffffff01" + "05" + "00" + "02" + "00", // so many changes there cannot be
        "01" + "05" + "8080808020" + "00", // so many changes one transaction cannot have
        "01" + "05" + "ffffffffffffffffffff" + "00", // a number without end
    })
    void refusesAHeaderThatCannotBe(String header) {
        assertThatThrownBy(() -> Version.decode(bytes(header + CONTENT)))
                .isInstanceOf(CorruptStoreException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "01" + "05" + "00" + "00" + CONTENT, // changed at 5, and at 300
        "01" + "ac02" + "01" + "00" + CONTENT, // a deletion with all of a key-value
        "01" + "ac02" + "00" + "00" + "0a0161", // a put with the key alone
        "01" + "ac02" + "00" + "00" + "0a0161" + "10ad02" + "18ac02" + "2001", // made later
        "01" + "ac02" + "00" + "00" + "0a0161" + "18ac02" + "2001", // never made
        "01" + "ac02" + "00" + "00" + "0a0161" + "1002" + "18ac02", // of no version
        "01" + "ac02" + "01" + "00", // no key
    })
    void refusesAKeyValueOfAnotherChange(String row) {
        Version version = Version.decode(bytes(row));
        assertThatThrownBy(version::keyValue).isInstanceOf(CorruptStoreException.class);
    }

    @Test
    void chainBeginsAnewOverATombstoneGivenUpAndOnlyThen() {
        Link put = new Link(put(5, 0), 7, put(4, 0));
        Link gone = put.next(deletion(6, 0), 9);
        assertThat(gone).isEqualTo(new Link(deletion(6, 0), 8, put(5, 0)));
        assertThat(gone.next(put(8, 0), 6)).isEqualTo(new Link(put(8, 0), 9, deletion(6, 0)));
        assertThat(gone.next(put(8, 0), 7)).isEqualTo(Link.first(put(8, 0)));
        assertThat(put.next(put(8, 0), 7)).isEqualTo(new Link(put(8, 0), 8, put(5, 0)));
    }

    private static EventType type(Random random) {
        return random.nextBoolean() ? EventType.PUT : EventType.DELETE;
    }

    private static ChangeId put(long main, long sub) {
        return new ChangeId(main, sub, EventType.PUT);
    }

    private static ChangeId deletion(long main, long sub) {
        return new ChangeId(main, sub, EventType.DELETE);
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    private static ByteString bytes(String hex) {
        return ByteString.copyFrom(HexFormat.of().parseHex(hex));
    }
}
