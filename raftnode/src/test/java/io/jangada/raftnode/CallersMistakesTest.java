// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.jangada.raft.model.Bytes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an embedder does wrong is refused where it is done, and spares the other groups of the host. */
@Timeout(60)
class CallersMistakesTest {
    private static final List<Member> ALONE = List.of(new Member(1, List.of()));

    private RaftHost host;

    @BeforeEach
    void open(@TempDir Path directory) throws IOException {
        host = RaftHost.builder(7, 1, directory).open();
    }

    @AfterEach
    void close() {
        host.close();
    }

    private RaftNode<Integer> start(long group) throws IOException {
        return host.start(GroupConfig.builder(group, GroupStart.NEW, ALONE).build(),
                new Journal());
    }

    private static ProposalResult<Integer> propose(RaftNode<Integer> node) throws Exception {
        return node.propose(Bytes.utf8("a")).get(30, TimeUnit.SECONDS);
    }

    @Test
    void aClosedHostStartsNoGroupWhoseFuturesWouldNeverEnd() throws Exception {
        start(1);
        host.close();

        assertThatIllegalStateException().isThrownBy(() -> start(2))
                .withMessageContaining("member 1 is closed");
    }

    @Test
    @SuppressWarnings("NullAway") // Callers have no NullAway.
    void noObserverIsRefusedAndTheGroupGoesOn() throws Exception {
        RaftNode<Integer> node = start(1);

        assertThatNullPointerException().isThrownBy(() -> node.addObserver(null));

        assertThat(propose(node)).isInstanceOf(ProposalResult.Applied.class);
    }

    @Test
    void anObserverThatFailsAtTheStopOfOneGroupLeavesTheOthersAlone() throws Exception {
        RaftNode<Integer> one = start(1);
        RaftNode<Integer> other = start(2);
        CountDownLatch told = new CountDownLatch(2);
        one.addObserver(failing(told));
        one.addObserver(failing(told));
        propose(one); // Behind which both are there.

        one.stop().get(30, TimeUnit.SECONDS);

        assertThat(told.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(propose(other)).isInstanceOf(ProposalResult.Applied.class);
    }

    private static RaftObserver failing(CountDownLatch told) {
        return new RaftObserver() {
            @Override
            public void stopped(Optional<Throwable> failure) {
                told.countDown();
                throw new IllegalStateException("an observer's own");
            }
        };
    }

    @Test
    void aMemberIsListedOnce() {
        List<Member> twice = List.of(ALONE.getFirst(), Member.of(1, "127.0.0.1:1"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> GroupConfig.builder(1, GroupStart.NEW, twice).build())
                .withMessage("members is 2 times member 1");
    }

    @Test
    @SuppressWarnings("NullAway") // As above.
    void aGroupNeedsToKnowHowItStarts() {
        assertThatNullPointerException()
                .isThrownBy(() -> GroupConfig.builder(1, null, ALONE).build())
                .withMessage("start");
    }
}
