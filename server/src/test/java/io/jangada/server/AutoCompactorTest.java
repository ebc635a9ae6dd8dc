// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.raftnode.EventLoop;
import io.jangada.raftnode.VirtualEventLoops;
import io.jangada.server.config.AutoCompaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoCompactorTest {
    private final VirtualEventLoops loops = new VirtualEventLoops();
    private final EventLoop loop = loops.loop("server", thrown -> {
        throw new AssertionError(thrown);
    });
    private final List<Long> compactions = new ArrayList<>();
    private long revision = 100;
    private boolean leads = true;
    private boolean succeeds = true;

    @Test
    void periodicKeepsAPeriodAndCompactsEachPeriod() {
        start(new AutoCompaction.Periodic(Duration.ofMinutes(10)));
        writeOncePerMinute(9);
        assertThat(compactions).isEmpty();
        writeOncePerMinute(1);
        assertThat(compactions).containsExactly(100L);
        writeOncePerMinute(9);
        assertThat(compactions).hasSize(1);
        writeOncePerMinute(1);
        assertThat(compactions).containsExactly(100L, 110L);
    }

    @Test
    void periodicAboveAnHourCompactsEveryHour() {
        start(new AutoCompaction.Periodic(Duration.ofHours(3)));
        writeOncePerMinute(179);
        assertThat(compactions).isEmpty();
        writeOncePerMinute(1);
        assertThat(compactions).containsExactly(100L);
        writeOncePerMinute(60);
        assertThat(compactions).containsExactly(100L, 160L);
    }

    @Test
    void periodicTriesAgainAtATenthOfThePeriod() {
        start(new AutoCompaction.Periodic(Duration.ofMinutes(10)));
        succeeds = false;
        writeOncePerMinute(11);
        assertThat(compactions).containsExactly(100L, 101L);
        succeeds = true;
        writeOncePerMinute(1);
        assertThat(compactions).containsExactly(100L, 101L, 102L);
    }

    @Test
    void aMemberThatLeadsLaterKnowsWhatIsOld() {
        leads = false;
        start(new AutoCompaction.Periodic(Duration.ofMinutes(10)));
        writeOncePerMinute(15);
        assertThat(compactions).isEmpty();
        leads = true;
        writeOncePerMinute(1);
        assertThat(compactions).containsExactly(106L);
    }

    @Test
    void revisionsKeepsThatManyEveryFiveMinutes() {
        start(new AutoCompaction.Revisions(90));
        writeOncePerMinute(4);
        assertThat(compactions).isEmpty();
        writeOncePerMinute(1);
        assertThat(compactions).containsExactly(15L);
        writeOncePerMinute(5);
        assertThat(compactions).containsExactly(15L, 20L);
    }

    @Test
    void whatIsCompactedIsNotCompactedAgain() {
        start(new AutoCompaction.Revisions(90));
        loops.runFor(Duration.ofMinutes(20));
        assertThat(compactions).containsExactly(10L);
    }

    @Test
    void fewerRevisionsThanAreKeptAreLeftAlone() {
        start(new AutoCompaction.Revisions(100));
        loops.runFor(Duration.ofMinutes(20));
        assertThat(compactions).isEmpty();
    }

    private void start(AutoCompaction rule) {
        new AutoCompactor(loop, () -> revision, () -> leads, (upTo, done) -> {
            compactions.add(upTo);
            done.accept(succeeds);
        }).start(rule);
        loops.runFor(Duration.ofSeconds(1));
    }

    /* A second after each full minute, when whatever looks once a minute has looked. */
    private void writeOncePerMinute(int minutes) {
        for (int minute = 0; minute < minutes; minute++) {
            revision++;
            loops.runFor(Duration.ofMinutes(1));
        }
    }
}
