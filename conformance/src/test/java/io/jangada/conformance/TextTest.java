// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How values are shown, and helpers: P1, P7, P9, P10. */
final class TextTest {
    @Test
    @DisplayName("P1 the table of a quorum")
    void p1Table() {
        assertTable("101,102,103", ">    101 1", "x>   102 2", "xx>  103 3");
        assertTable("100,100,100", ">    100 1", ">    100 2", ">    100 3");
        assertTable("100,102,102", ">    100 1", "x>   102 2", "x>   102 3");
        assertTable("101,_,103", "x>   101 1", "?      0 2", "xx>  103 3");
    }

    private static void assertTable(String indexes, String... rows) {
        var expected = new StringBuilder("       idx\n");
        for (String row : rows) {
            String bar = row.substring(0, 4);
            String[] rest = row.substring(4).strip().split(" ", -1);
            expected.append(bar).append(String.format(" %5s    (id=%s)%n", rest[0], rest[1]));
        }
        var directive = command("committed cfg=(1,2,3) idx=(" + indexes + ")");
        assertThat(new QuorumDriver().run(directive)).startsWith(expected);
    }

    private static Directive command(String text) {
        try {
            return Directive.parse(1, text, "", "");
        } catch (MalformedTraceException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    @DisplayName("P7 an entry's payload is quoted")
    void p7Entry() {
        var entry = new Entry(1, 2, EntryType.NORMAL, Bytes.utf8("hello\0world"));
        assertThat(Text.entry(entry)).isEqualTo("1/2 EntryNormal \"hello\\x00world\"");
        assertThat(Quote.quote(Bytes.utf8("\"\\\t é\u007f\u0085")))
                .isEqualTo("\"\\\"\\\\\\t é\\x7f\\u0085\"");
        assertThat(Quote.quote(Bytes.copyOf(new byte[]{(byte) 0xC3, 'a', (byte) 0xFF})))
                .isEqualTo("\"\\xc3a\\xff\"");
    }

    @Test
    @DisplayName("P9 what is local is no message, and only responses need a known sender")
    void p9LocalAndResponses() {
        for (Class<?> local : LocalEvent.class.getPermittedSubclasses()) {
            assertThat(Message.class.isAssignableFrom(local)).isFalse();
        }
        Map<Boolean, List<Message>> byResponse = Map.of(
                true, List.of(new Message.AppendResponse(9, 1, 0, 0),
                        new Message.AppendReject(9, 1, 0, 0, EntryId.ZERO),
                        new Message.VoteResponse(9, 1, 0, true),
                        new Message.PreVoteResponse(9, 1, 0, true),
                        new Message.HeartbeatResponse(9, 1, 0, 0),
                        new Message.ReadIndexResponse(9, 1, 0, 0, Bytes.EMPTY)),
                false, List.of(new Message.Heartbeat(9, 1, 1, 0, 0),
                        new Message.AppendRequest(9, 1, 1, EntryId.ZERO, List.of(), 0),
                        new Message.VoteRequest(9, 1, 1, EntryId.ZERO, false),
                        new Message.PreVoteRequest(9, 1, 1, EntryId.ZERO),
                        new Message.TimeoutNow(9, 1, 1)));
        for (boolean response : List.of(true, false)) {
            for (Message message : byResponse.getOrDefault(response, List.of())) {
                var driver = new InteractionDriver();
                driver.run(command("add-nodes 1 voters=(1) index=2"));
                assertThat(driver.deliver(message).contains("peer not found"))
                        .as(Text.message(message)).isEqualTo(response);
            }
        }
    }

    @Test
    @DisplayName("P10 an entry without payload counts nothing, term and index name it")
    void p10Entry() {
        var entry = new Entry(2, 3, EntryType.NORMAL, Bytes.EMPTY);
        assertThat(entry.data().size()).isZero();
        assertThat(entry.id()).isEqualTo(new EntryId(2, 3))
                .isNotEqualTo(new EntryId(3, 2));
    }
}
