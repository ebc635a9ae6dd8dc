// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.jangada.mvcc.backend.MemoryBackend;
import java.util.HexFormat;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class HistoryHashTest {
    private static final String PUT_AT_2 = "0000000000000002" + "5f" + "0000000000000000"
            + "0a0161" + "1002" + "1802" + "2001" + "2a0131";
    private static final String PUT_AT_3 = "0000000000000003" + "5f" + "0000000000000000"
            + "0a0161" + "1002" + "1803" + "2002" + "2a0132";
    private static final String DELETE_AT_4 = "0000000000000004" + "5f" + "0000000000000000" + "74"
            + "0a0161";
    private static final String PUT_AT_5 = "0000000000000005" + "5f" + "0000000000000000"
            + "0a0162" + "1005" + "1805" + "2001" + "2a0133";

    private final MvccStore store = MvccStore.open(new MemoryBackend());

    @Test
    void coversTheRowsThatEtcdWouldHave() {
        fill();
        assertThat(hash(0)).isEqualTo(crc(PUT_AT_2 + PUT_AT_3 + DELETE_AT_4 + PUT_AT_5));
        assertThat(hash(3)).isEqualTo(crc(PUT_AT_2 + PUT_AT_3));
    }

    @Test
    void countsBeforeTheCompactRevisionOnlyTheNewestOfEachKey() {
        fill();
        StoreContract.compact(store, 3);
        assertThat(hash(3)).isEqualTo(crc(PUT_AT_3));
        // At 5 the key is gone, so that nothing of it before the compact revision counts.
        assertThat(hash(5)).isEqualTo(crc(DELETE_AT_4 + PUT_AT_5));
    }

    @Test
    void doesNotCountTheTombstoneKeptAtTheCompactRevision() {
        fill();
        StoreContract.compact(store, 4);
        assertThat(hash(5)).isEqualTo(crc(PUT_AT_5));
        while (store.compactStep(1)) {
            assertThat(hash(5)).isEqualTo(crc(PUT_AT_5));
        }
        assertThat(hash(5)).isEqualTo(crc(PUT_AT_5));
        assertThat(store.finishedCompactRevision()).isEqualTo(4);
    }

    @Test
    void nothingIsOlderThanTheFirstRevision() {
        fill();
        assertThat(hash(-1)).isEqualTo(crc(""));
    }

    private void fill() {
        StoreContract.put(store, "a", "1");
        StoreContract.put(store, "a", "2");
        ApplyBatch batch = store.beginBatch();
        WriteTxn txn = batch.begin();
        txn.deleteRange(KeyRange.single(ByteString.copyFromUtf8("a")));
        txn.commit();
        batch.commit();
        StoreContract.put(store, "b", "3");
    }

    private long hash(long revision) {
        try (ReadView view = store.view()) {
            return view.hashKv(revision).hash();
        }
    }

    private static long crc(String rows) {
        CRC32C crc = new CRC32C();
        crc.update(new byte[]{'k', 'e', 'y'});
        crc.update(HexFormat.of().parseHex(rows));
        return crc.getValue();
    }
}
