// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The session table, entry by entry. */
class SessionStateMachineTest {
    private static final Duration IDLE = Duration.ofSeconds(10);
    private static final SessionAnswer<Integer> EXPIRED = new SessionAnswer.Expired<>();

    private final Journal journal = new Journal();
    private final SessionStateMachine<Integer> machine = machine(journal,
            new SessionLimits(3, 1_000, IDLE));
    private long index = 1;

    static SessionStateMachine<Integer> machine(Journal journal, SessionLimits limits) {
        return new SessionStateMachine<>(journal, new ResultCodec<>() {
            @Override
            public Bytes encode(Integer result) {
                return Bytes.utf8(result.toString());
            }

            @Override
            public Integer decode(Bytes encoded) {
                return Integer.valueOf(encoded.toUtf8());
            }
        }, limits);
    }

    private SessionAnswer<Integer> apply(SessionCommand command) {
        return apply(command.encode());
    }

    private SessionAnswer<Integer> apply(Bytes command) {
        return machine.apply(List.of(new Command(new EntryId(1, ++index), command))).getFirst();
    }

    private long open(long millis) {
        assertThat(apply(new SessionCommand.Open(millis)))
                .isEqualTo(new SessionAnswer.Alive<Integer>(index));
        return index;
    }

    private static SessionCommand call(long session, long number, long firstOpen, long millis,
            String line) {
        return new SessionCommand.Call(session, number, firstOpen, millis, Bytes.utf8(line));
    }

    private static SessionAnswer<Integer> answered(int result) {
        return new SessionAnswer.Answered<>(result);
    }

    @Test
    void aRepeatedCallIsAppliedOnceAndAnsweredAsTheFirstTime() {
        long session = open(0);
        assertThat(apply(call(session, 1, 1, 0, "a"))).isEqualTo(answered(1));
        assertThat(apply(call(session, 2, 1, 0, "b"))).isEqualTo(answered(2));
        assertThat(apply(call(session, 1, 1, 0, "a"))).isEqualTo(answered(1));
        assertThat(journal.lines()).containsExactly("a", "b");
    }

    @Test
    void callsMayOvertakeEachOther() {
        long session = open(0);
        assertThat(apply(call(session, 2, 1, 0, "b"))).isEqualTo(answered(1));
        assertThat(apply(call(session, 1, 1, 0, "a"))).isEqualTo(answered(2));
        assertThat(journal.lines()).containsExactly("b", "a");
    }

    @Test
    void whatTheClientHasIsForgottenAndNotAppliedAgain() {
        long session = open(0);
        apply(call(session, 1, 1, 0, "a"));
        apply(call(session, 2, 2, 0, "b"));
        assertThat(apply(call(session, 1, 1, 0, "a")))
                .isEqualTo(new SessionAnswer.Forgotten<Integer>());
        assertThat(journal.lines()).containsExactly("a", "b");
    }

    @Test
    void anIdleSessionExpiresByTheTimesInTheLog() {
        long idle = open(1_000);
        long busy = open(2_000);
        assertThat(apply(new SessionCommand.Renew(busy, 11_000)))
                .isEqualTo(new SessionAnswer.Alive<Integer>(busy));
        assertThat(apply(call(idle, 1, 1, 11_000, "in time"))).isEqualTo(answered(1));
        apply(new SessionCommand.Renew(busy, 15_000));
        apply(new SessionCommand.Renew(busy, 21_001));
        assertThat(apply(call(idle, 2, 1, 0, "too late"))).isEqualTo(EXPIRED);
        assertThat(apply(new SessionCommand.Renew(idle, 0))).isEqualTo(EXPIRED);
        assertThat(apply(call(busy, 1, 1, 0, "b"))).isEqualTo(answered(2));
        assertThat(journal.lines()).containsExactly("in time", "b");
    }

    @Test
    void theSessionThatWasIdleLongestGivesWay() {
        long first = open(0);
        long second = open(0);
        long third = open(0);
        apply(call(first, 1, 1, 0, "a"));
        long fourth = open(0);
        assertThat(apply(call(second, 1, 1, 0, "no"))).isEqualTo(EXPIRED);
        for (long lives : List.of(first, third, fourth)) {
            assertThat(apply(new SessionCommand.Renew(lives, 0)))
                    .isEqualTo(new SessionAnswer.Alive<Integer>(lives));
        }
    }

    @Test
    void answersTakeBoundedRoom() {
        long idle = open(0);
        long busy = open(0);
        apply(call(idle, 1, 1, 0, "a"));
        for (int number = 1; number <= 12; number++) {
            apply(call(busy, number, 1, 0, "b"));
        }
        assertThat(apply(call(idle, 1, 1, 0, "a"))).isEqualTo(answered(1));
        apply(call(busy, 13, 1, 0, "b"));
        apply(call(busy, 14, 1, 0, "b"));
        assertThat(apply(call(idle, 1, 1, 0, "a"))).isEqualTo(EXPIRED);
        for (int number = 15; number <= 100; number++) {
            assertThat(apply(call(busy, number, number, 0, "b"))).isEqualTo(answered(number + 1));
        }
    }

    @Test
    void aClosedSessionTakesNothing() {
        long session = open(0);
        assertThat(apply(new SessionCommand.Close(session))).isEqualTo(EXPIRED);
        assertThat(apply(call(session, 1, 1, 0, "a"))).isEqualTo(EXPIRED);
        assertThat(journal.lines()).isEmpty();
    }

    @Test
    void plainCommandsPassAndNonsenseIsAnswered() {
        assertThat(apply(SessionStateMachine.plain(Bytes.utf8("a")))).isEqualTo(answered(1));
        assertThat(apply(SessionStateMachine.plain(Bytes.utf8("a")))).isEqualTo(answered(2));
        SessionAnswer<Integer> malformed = new SessionAnswer.Malformed<>();
        assertThat(apply(Bytes.EMPTY)).isEqualTo(malformed);
        assertThat(apply(Bytes.wrap(new byte[]{9, 1, 2}))).isEqualTo(malformed);
        Bytes call = call(2, 1, 1, 0, "").encode();
        for (int length = 1; length < call.size(); length++) {
            assertThat(apply(call.slice(0, length))).isEqualTo(malformed);
        }
    }

    @Test
    void theTableIsPartOfTheSnapshot() throws IOException {
        long session = open(5_000);
        apply(call(session, 1, 1, 5_000, "a"));
        Journal other = new Journal();
        SessionStateMachine<Integer> restored = machine(other,
                new SessionLimits(3, 1_000, IDLE));
        restored.restore(machine.snapshot().at(), new ByteArrayInputStream(bytes(machine)));

        assertThat(machine.snapshot().at().index()).isEqualTo(index);
        assertThat(other.lines()).containsExactly("a");
        assertThat(restored.apply(List.of(
                new Command(new EntryId(1, index + 1), call(session, 1, 1, 0, "a").encode()),
                new Command(new EntryId(1, index + 2),
                        new SessionCommand.Renew(session, 15_001).encode()))))
                .containsExactly(answered(1), EXPIRED);
        assertThat(other.lines()).containsExactly("a");
    }

    private static byte[] bytes(SessionStateMachine<Integer> from) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (StateSnapshot snapshot = from.snapshot()) {
            snapshot.writeTo(out);
        }
        return out.toByteArray();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void howEntriesAreBatchedMakesNoDifference(long seed) throws IOException {
        SplittableRandom random = new SplittableRandom(seed);
        List<Command> log = new ArrayList<>();
        for (int i = 2; i < 500; i++) {
            log.add(new Command(new EntryId(1, i), anything(random, i).encode()));
        }
        List<SessionAnswer<Integer>> one = new ArrayList<>();
        for (Command command : log) {
            one.addAll(machine.apply(List.of(command)));
        }
        Journal other = new Journal();
        SessionStateMachine<Integer> batched = machine(other, new SessionLimits(3, 1_000, IDLE));
        List<SessionAnswer<Integer>> many = new ArrayList<>();
        for (int from = 0; from < log.size();) {
            int to = Math.min(log.size(), from + random.nextInt(1, 40));
            many.addAll(batched.apply(log.subList(from, to)));
            from = to;
        }
        assertThat(many).as("seed " + seed).isEqualTo(one).contains(EXPIRED);
        assertThat(bytes(batched)).isEqualTo(bytes(machine));
    }

    private static SessionCommand anything(SplittableRandom random, long now) {
        long session = random.nextLong(Math.max(2, now - 20), now + 1);
        long millis = now * 300 + random.nextLong(1_000);
        return switch (random.nextInt(6)) {
            case 0 -> new SessionCommand.Open(millis);
            case 1 -> new SessionCommand.Renew(session, millis);
            case 2 -> new SessionCommand.Close(session);
            default -> call(session, random.nextLong(1, 6), random.nextLong(1, 4), millis, "x");
        };
    }
}
