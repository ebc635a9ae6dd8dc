// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.tracker.ProgressState;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How leader and follower find where their logs match: group D. */
final class LogConvergenceTest {
    private static long[] terms(String text) {
        return Stream.of(text.split(" ")).mapToLong(Long::parseLong).toArray();
    }

    private static EntryId id(String indexAndTerm) {
        long[] numbers = terms(indexAndTerm);
        return TestNode.id(numbers[0], numbers[1]);
    }

    @ParameterizedTest(name = "{0} | {1} -> {2}, {3}")
    @CsvSource({
        "1 2 2 4 4 4 4,    1 2 2 3 3 3 3 3 3 3 3, 7 3, 3 2, 0",
        "1 2 2 3 4 4 4 5,  1 2 2 3 3 3 3 3 3 3 3, 8 3, 4 3, 0",
        "1 1 1 1,          1 2 2 4,               1 1, 1 1, 0",
        "1 1 1 1 1 1,      1 2 2 4,               1 1, 1 1, 0",
        "1 1 1 1,          1 2 2 4 4 4,           1 1, 1 1, 0",
        "1 1 1 4 5,        1 1 1 4,               4 4, 4 4, 0",
        "2 5 5 5 5 5 5 5 5, 2 4 4 4 4 4,          6 4, 1 2, 0",
        "2 2 2 2 2,        2 4 4 4 4 4 4 4,       1 2, 1 2, 0",
        "1 1 3,            1 1 3 3 3,             3 0, 2 1, 5"})
    @DisplayName("D28 a rejection skips whole terms")
    void d28FastRejection(String leaderLog, String followerLog, String hint, String next,
            long compactedTo) throws CompactedException {
        TestNode leader = TestNode
                .withLog(1, new HardState(8, 0, 0), terms(leaderLog), 1, 2, 3).leader();
        TestNode follower = TestNode
                .withLog(2, new HardState(9, 1, 0), terms(followerLog), 1, 2, 3);
        if (compactedTo > 0) {
            follower.storage.compact(compactedTo); // Nothing is committed: this cannot happen.
        }
        follower.raft.step(new Message.Heartbeat(1, 2, 9, 0, 0));
        leader.raft.step(follower.messages().getFirst());
        follower.raft.step(leader.messages().getFirst());
        var reject = follower.messages(Message.AppendReject.class).getFirst();
        assertThat(reject.hint()).isEqualTo(id(hint));
        leader.raft.step(reject);
        assertThat(leader.messages(Message.AppendRequest.class)).singleElement().satisfies(
                append -> assertThat(append.previous()).isEqualTo(id(next)));
    }

    @Test
    @DisplayName("D29 a rejection that was overtaken does not move next below match")
    void d29ReorderedAppends() {
        TestNode leader = TestNode.of(1, 1, 2).leader();
        TestNode follower = TestNode.of(2, 1, 2).follower(1, 1);
        leader.progress(2).becomeReplicate();
        leader.propose("one");
        Message first = leader.messages().getFirst();
        leader.propose("two");
        Message second = leader.messages().getFirst();

        follower.raft.step(second);
        Message rejected = follower.messages().getFirst();
        assertThat(rejected).isEqualTo(new Message.AppendReject(2, 1, 1, 2, EntryId.ZERO));
        follower.raft.step(first);
        Message accepted = follower.messages().getFirst();
        assertThat(accepted).isEqualTo(new Message.AppendResponse(2, 1, 1, 2));

        leader.raft.step(accepted);
        assertThat(leader.progress(2).match()).isEqualTo(2);
        leader.messages();
        leader.raft.step(new LocalEvent.Unreachable(2));
        assertThat(leader.progress(2).state()).isEqualTo(ProgressState.PROBE);
        leader.raft.step(rejected);
        assertThat(leader.messages(Message.AppendRequest.class)).singleElement().satisfies(
                append -> assertThat(append.previous()).isEqualTo(TestNode.id(2, 1)));
    }
}
