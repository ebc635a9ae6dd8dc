// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.Network;
import io.jangada.network.NetworkListener;
import io.jangada.network.SnapshotOffer;
import io.jangada.network.SnapshotSink;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Member 1 of three is real; the test is member 2, twice perhaps. */
class IntroductionsTest {
    /** A majority has answered; the others have had their time. */
    private static final Duration PATIENCE = Duration
            .ofMillis(100 * (Suffrage.PATIENCE_TICKS + 1));
    private static final Incarnation FIRST = new Incarnation(5, 51);
    private static final Incarnation COPY = new Incarnation(5, 52);

    private final Cluster cluster = new Cluster(3, builder -> builder);
    private final Listener listener = new Listener();
    private Network two = cluster.hub.join(2, cluster.loops.loop("two", thrown -> {
        throw new AssertionError(thrown);
    }));

    private static final class Listener implements NetworkListener {
        private final List<HostNote> notes = new ArrayList<>();

        @Override
        public boolean receive(long group, Message message) {
            return true;
        }

        @Override
        public void unreachable(long group, long peer) {}

        @Override
        public Optional<SnapshotSink> openSnapshot(long group, long from, SnapshotOffer offer) {
            return Optional.empty();
        }

        @Override
        public void note(long from, Bytes note, Consumer<Bytes> reply) {
            notes.add(HostNote.decode(note).orElseThrow());
        }
    }

    @BeforeEach
    void start() throws Exception {
        cluster.start(1, GroupStart.NEW);
        two.start(listener);
        run(Duration.ofMillis(500));
    }

    private void run(Duration span) {
        cluster.loops.runFor(span);
    }

    private HostNote.Answer ask(Incarnation self, Incarnation echo) {
        listener.notes.clear();
        two.sendNote(1, new HostNote.Introduction(self, echo, HostNote.Asked.about(Set.of(1L)),
                Map.of(), Map.of(), List.of()).encode());
        run(Duration.ofMillis(50));
        return listener.notes.stream().filter(HostNote.Answer.class::isInstance)
                .map(HostNote.Answer.class::cast).findFirst().orElseThrow();
    }

    private void answer(Incarnation known, boolean isAlive) {
        two.sendNote(1,
                new HostNote.Answer(known, isAlive, Map.of(1L, EntryId.ZERO), Map.of()).encode());
        run(Duration.ofMillis(500));
    }

    @Test
    void itAsksUntilItIsAnswered() {
        assertThat(listener.notes).isNotEmpty().allSatisfy(note -> assertThat(note)
                .isInstanceOfSatisfying(HostNote.Introduction.class,
                        introduction -> assertThat(introduction.asks().groups())
                                .containsExactly(1L)));
        answer(HostNote.NOBODY, false);
        listener.notes.clear();
        run(Duration.ofSeconds(2));
        assertThat(listener.notes).isNotEmpty().hasSizeLessThan(4)
                .allSatisfy(note -> assertThat(note)
                        .isInstanceOfSatisfying(HostNote.Introduction.class,
                                introduction -> assertThat(introduction.asks())
                                        .isEqualTo(HostNote.Asked.NONE)));
    }

    /** Found by the simulator's seed 325: what a member confirms counts when it may vote, and no sooner. */
    @Test
    void itAsksWhoHasAnsweredTooUntilAMajorityHas() throws Exception {
        Cluster five = new Cluster(5, builder -> builder);
        Network[] peers = new Network[2];
        Listener[] heard = {new Listener(), new Listener()};
        five.start(1, GroupStart.NEW);
        for (int i = 0; i < peers.length; i++) {
            peers[i] = five.hub.join(i + 2, five.loops.loop("peer " + i, thrown -> {
                throw new AssertionError(thrown);
            }));
            peers[i].start(heard[i]);
        }
        Bytes nothing = new HostNote.Answer(HostNote.NOBODY, false, Map.of(1L, EntryId.ZERO),
                Map.of()).encode();
        five.loops.runFor(Duration.ofMillis(500));
        peers[0].sendNote(1, nothing);
        five.loops.runFor(Duration.ofSeconds(2));
        assertThat(heard[0].notes).last().isInstanceOfSatisfying(HostNote.Introduction.class,
                note -> assertThat(note.isSettled(1)).isFalse());

        peers[1].sendNote(1, nothing);
        five.loops.runFor(PATIENCE);
        for (Listener one : heard) {
            assertThat(one.notes).last().isInstanceOfSatisfying(HostNote.Introduction.class,
                    note -> assertThat(note.isSettled(1)).isTrue());
        }
    }

    @Test
    void aGroupThatIsStartedAsksForItselfAlone() throws Exception {
        answer(HostNote.NOBODY, false);
        run(PATIENCE);
        listener.notes.clear();
        cluster.startGroup(1, 2, GroupStart.NEW);
        run(Duration.ofMillis(500));
        assertThat(listener.notes).hasSizeGreaterThan(4).allSatisfy(note -> assertThat(note)
                .isInstanceOfSatisfying(HostNote.Introduction.class, introduction -> {
                    assertThat(introduction.asks().groups()).containsExactly(2L);
                    assertThat(introduction.isSettled(1)).isTrue();
                    assertThat(introduction.isSettled(2)).isFalse();
                }));
        answer(HostNote.NOBODY, false); // About group 1 only.
        listener.notes.clear();
        run(Duration.ofMillis(500));
        assertThat(listener.notes).hasSizeGreaterThan(4);
        two.sendNote(1, new HostNote.Answer(HostNote.NOBODY, false, Map.of(2L, EntryId.ZERO),
                Map.of()).encode());
        run(PATIENCE);
        assertThat(listener.notes).last().isInstanceOfSatisfying(HostNote.Introduction.class,
                introduction -> assertThat(introduction.isSettled(2)).isTrue());
    }

    @Test
    void anAnswerIsAboutWhatWasAskedFor() {
        assertThat(ask(FIRST, HostNote.NOBODY).claims()).containsOnlyKeys(1L);
    }

    @Test
    void aRunThatFollowsOnTheKnownOneTakesItsPlace() {
        assertThat(ask(FIRST, HostNote.NOBODY).known()).isEqualTo(HostNote.NOBODY);
        assertThat(ask(FIRST, HostNote.NOBODY).known()).isEqualTo(FIRST);
        Incarnation next = new Incarnation(6, 61);
        assertThat(ask(next, HostNote.NOBODY).known()).isEqualTo(FIRST);
        assertThat(ask(next, FIRST).known()).isEqualTo(FIRST);
        assertThat(ask(next, FIRST).known()).isEqualTo(next);
    }

    @Test
    void aCopyIsToldAsLongAsTheOriginalIsHeard() {
        ask(FIRST, HostNote.NOBODY);
        HostNote.Answer atOnce = ask(COPY, HostNote.NOBODY);
        assertThat(atOnce.known()).isEqualTo(FIRST);
        assertThat(atOnce.isAlive()).isTrue();
        run(Duration.ofSeconds(4));
        HostNote.Answer later = ask(COPY, HostNote.NOBODY);
        assertThat(later.known()).isEqualTo(FIRST);
        assertThat(later.isAlive()).isFalse();
    }

    @Test
    void whoIsTheSecondProcessOfAMemberStops() {
        for (int i = 0; i < 10; i++) {
            answer(COPY, true);
        }
        assertThat(cluster.node(1).status().stopped()).isFalse();
        for (int i = 0; i < 4; i++) {
            answer(COPY, true);
        }
        assertThat(cluster.node(1).status().stopped()).isTrue();
    }

    @Test
    void whoIsNotRememberedHasForgottenSomething() {
        answer(COPY, false);
        assertThat(cluster.node(1).promises().suffrage().votes()).isFalse();
        listener.notes.clear();
        run(Duration.ofSeconds(2));
        assertThat(listener.notes).isNotEmpty().last()
                .isInstanceOfSatisfying(HostNote.Introduction.class,
                        introduction -> assertThat(introduction.forgotten()).containsKey(1L));
    }
}
