// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.network.Samples;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
    private static final String CAMPAIGN_TRANSFER = "43616d706169676e5472616e73666572";

    static List<Message> messages() {
        return Samples.messages();
    }

    /** Written by hand from raftpb's field numbers. */
    static Stream<Arguments> golden() {
        var data = Bytes.utf8("ab");
        return Stream.of(
                Arguments.of(new Message.Heartbeat(1, 2, 3, 4, 5),
                        "0808 1002 1801 2003 4004 62080500000000000000"),
                Arguments.of(new Message.VoteRequest(1, 2, 5, new EntryId(4, 300), true),
                        "0805 1002 1801 2005 2804 30ac02 6210" + CAMPAIGN_TRANSFER),
                Arguments.of(new Message.AppendRequest(1, 2, 2, new EntryId(1, 9),
                        List.of(new Entry(2, 10, EntryType.NORMAL, data)), 9),
                        "0803 1002 1801 2002 2801 3009 3a0a 0800 1002 180a 22026162 4009"),
                Arguments.of(new Message.AppendReject(2, 1, 2, 9, new EntryId(1, 7)),
                        "0804 1001 1802 2002 2801 3009 5001 5807"),
                Arguments.of(new Message.PreVoteResponse(2, 1, 2, false),
                        "0812 1001 1802 2002 5001"),
                Arguments.of(new Message.InstallSnapshot(1, 2, 3, new Snapshot(new EntryId(2, 100),
                        ConfState.ofVoters(List.of(1L, 2L, 3L)), Bytes.EMPTY)),
                        "0807 1002 1801 2003 4a10 120e 0a08 0801 0802 0803 2800 1064 1802"),
                Arguments.of(new Message.ReadIndexRequest(2, 1, Bytes.utf8("q")),
                        "080f 1001 1802 3a09 0800 1000 1800 220171"));
    }

    @ParameterizedTest
    @MethodSource("messages")
    void whatIsEncodedIsDecoded(Message message) throws MalformedMessageException {
        byte[] bytes = encode(message);

        assertThat(bytes).hasSize((int) MessageCodec.encodedBytes(message));
        assertThat(MessageCodec.decode(ByteBuffer.wrap(bytes))).isEqualTo(message);
    }

    @Test
    void samplesCoverEveryKind() {
        assertThat(Samples.messages().stream().<Class<?>>map(Message::getClass).distinct())
                .containsExactlyInAnyOrder(Message.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("golden")
    void bytesAreThoseOfRaftpb(Message message, String hex) throws MalformedMessageException {
        byte[] expected = hex(hex);

        assertThat(encode(message)).isEqualTo(expected);
        assertThat(MessageCodec.decode(ByteBuffer.wrap(expected))).isEqualTo(message);
    }

    @Test
    void zerosThatEtcdWritesAndUnknownFieldsAreUnderstood() throws MalformedMessageException {
        var decoded = decode("0808 1002 1801 2003 2800 3000 4004 4a0a12080a022800 1000 1800 5000"
                + "5800 6800 f801 07 8202 03010203 8902 0102030405060708 9502 01020304");

        assertThat(decoded).isEqualTo(new Message.Heartbeat(1, 2, 3, 4, 0));
    }

    @Test
    void packedIdsAreUnderstood() throws MalformedMessageException {
        var decoded = decode("0807 1002 1801 2003 4a0b 1209 0a03 0a0103 1064 1802");

        assertThat(decoded).isEqualTo(new Message.InstallSnapshot(1, 2, 3,
                new Snapshot(new EntryId(2, 100), ConfState.ofVoters(List.of(3L)), Bytes.EMPTY)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 10, 11, 12, 19, 20, 21, 22, 23, 24, 127})
    void whatOnlyAMemberMayTellItselfIsRefused(int type) {
        refused("08" + HexFormat.of().toHexDigits((byte) type) + "1002 1801 2003", "type");
    }

    @Test
    void everyRefusalNamesTheField() {
        refused("", "from");
        refused("0808 1002 2003", "from");
        refused("0808 1801 2003", "to");
        refused("0808 1002 18feffffffffffffffff01 2003", "from");
        refused("0808 1002 1801", "term");
        refused("0808 1002 1801 20ffffffffffffffffff01", "term");
        refused("0808 1002 1801 20ffffffffffffffffff03", "term");
        refused("0808 1002 1801 2003 6207 01020304050607", "context");
        refused("0808 1002 1801 2003 6208 0000000000000080", "context");
        refused("0805 1002 1801 2003 6201 61", "context");
        refused("0802 1002 1801", "entries");
        refused("0802 1002 1801 2001 3a00", "term");
        refused("0802 1002 1801 3a02 1001", "entries");
        refused("0802 1002 1801 3a02 0803", "entries.type");
        refused("0803 1002 1801 2002 3009 2801 3a04 1002 180b", "entries.index");
        refused("0803 1002 1801 2002 3009 2802 3a04 1001 180a", "entries.term");
        refused("0803 1002 1801 2002 3009 2802 3a04 1003 180a", "entries.term");
        refused("0803 1002 1801 2002 2803", "logTerm");
        refused("080f 1002 1801", "entries");
        refused("0807 1002 1801 2003", "snapshot");
        refused("0807 1002 1801 2003 4a00", "snapshot");
        refused("0808 1002 1801 2003 7200", "responses");
        refused("0808 1002 1801 2003 00", "message");
        refused("0808 1002 1801 2003 0b", "type");
        refused("0808 1002 1801 2003 7b", "message");
        refused("0a00", "type");
    }

    @Test
    void aLengthBeyondTheEndAllocatesNothing() {
        refused("0803 1002 1801 2002 3afeffffff07", "entries");
        refused("0803 1002 1801 2002 3affffffffffffffffff01", "entries");
        refused("0803 1002 1801 2002 3a06 22ffffffff07", "entries.data");
    }

    @ParameterizedTest
    @MethodSource("messages")
    void everyTruncationIsRefusedOrAnotherMessage(Message message) {
        byte[] bytes = encode(message);
        for (int size = 0; size < bytes.length; size++) {
            decodeHostile(Arrays.copyOf(bytes, size));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void damagedBytesNeverThrowAnythingElse(long seed) {
        var random = new Random(seed);
        List<Message> samples = Samples.messages();
        for (int run = 0; run < 20_000; run++) {
            Message sample = random.nextBoolean()
                    ? samples.get(random.nextInt(samples.size()))
                    : Samples.randomAppend(random, 1, 2);
            byte[] bytes = encode(sample);
            for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            decodeHostile(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {5, 6})
    void randomBytesNeverThrowAnythingElse(long seed) {
        var random = new Random(seed);
        for (int run = 0; run < 50_000; run++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            decodeHostile(bytes);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {7, 8})
    void randomAppendsSurvive(long seed) throws MalformedMessageException {
        var random = new Random(seed);
        for (int run = 0; run < 2_000; run++) {
            Message append = Samples.randomAppend(random, 1, 2);
            assertThat(MessageCodec.decode(ByteBuffer.wrap(encode(append)))).isEqualTo(append);
        }
    }

    /** What is accepted must be a message that can be sent on. */
    private static void decodeHostile(byte[] bytes) {
        Message message;
        try {
            message = MessageCodec.decode(ByteBuffer.wrap(bytes));
        } catch (MalformedMessageException e) {
            assertThat(e.field()).isNotEmpty();
            return;
        }
        try {
            assertThat(MessageCodec.decode(ByteBuffer.wrap(encode(message)))).isEqualTo(message);
        } catch (MalformedMessageException e) {
            throw new AssertionError("decoded once, not twice: " + message, e);
        }
    }

    private static void refused(String hex, String field) {
        assertThatThrownBy(() -> decode(hex)).as(hex)
                .isInstanceOfSatisfying(MalformedMessageException.class,
                        e -> assertThat(e.field()).as("%s: %s", hex, e).isEqualTo(field));
    }

    private static Message decode(String hex) throws MalformedMessageException {
        return MessageCodec.decode(ByteBuffer.wrap(hex(hex)));
    }

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static byte[] encode(Message message) {
        ByteBuffer target = ByteBuffer.allocate((int) MessageCodec.encodedBytes(message));
        MessageCodec.encode(message, target);
        assertThat(target.hasRemaining()).isFalse();
        return target.array();
    }
}
