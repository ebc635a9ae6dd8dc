// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.api.etcd.CorruptCheck.Subject;
import io.jangada.api.etcd.CorruptHash;
import io.jangada.api.etcd.CorruptReport;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who is right when members say what they hold. */
class HashTallyTest {
    private static final Set<Long> THREE = Set.of(1L, 2L, 3L);

    @Test
    void whoHoldsSomethingElseThanAMajorityDiffers() {
        HashTally tally = HashTally.of(Subject.STATE,
                List.of(state(1, 7), state(2, 8), state(3, 7)), THREE);
        assertThat(tally.differing()).containsExactly(2L);
        assertThat(tally.agreeing()).containsExactly(1L, 3L);
        assertThat(tally.isSplit()).isFalse();
    }

    @Test
    void twoOfThreeThatAgreeAreEnoughAndTwoThatDifferAreNot() {
        assertThat(HashTally.of(Subject.STATE, List.of(state(1, 7), state(2, 7)), THREE)
                .agreeing()).containsExactly(1L, 2L);
        HashTally open = HashTally.of(Subject.STATE, List.of(state(1, 7), state(2, 8)), THREE);
        assertThat(open.differing()).isEmpty();
        assertThat(open.isSplit()).isFalse();
        assertThat(open.hasDifferences()).isTrue();
    }

    @Test
    void allDifferent() {
        assertThat(HashTally.of(Subject.STATE, List.of(state(1, 7), state(2, 8), state(3, 9)),
                THREE).isSplit()).isTrue();
        assertThat(HashTally.of(Subject.STATE, List.of(state(1, 7), state(2, 8)), Set.of(1L, 2L))
                .isSplit()).isTrue();
    }

    @Test
    void aLearnerIsMeasuredButDoesNotCount() {
        HashTally tally = HashTally.of(Subject.STATE,
                List.of(state(1, 7), state(2, 7), state(4, 8), state(5, 8)), THREE);
        assertThat(tally.differing()).containsExactly(4L, 5L);
    }

    @Test
    void aRevisionOfItsOwnIsADifferenceInTheStateButNotAmongCompactions() {
        CorruptReport ahead = report(3, hash(1, 11, 5, 7));
        assertThat(HashTally.of(Subject.STATE, List.of(state(1, 7), state(2, 7), ahead), THREE)
                .differing()).containsExactly(3L);
        assertThat(HashTally.of(Subject.COMPACTIONS, List.of(state(1, 7), state(2, 7), ahead),
                THREE).differing()).isEmpty();
    }

    @Test
    void hashesOfAnotherFormatAreNotCompared() {
        CorruptReport other = report(3, hash(2, 10, 5, 9));
        assertThat(HashTally.of(Subject.STATE, List.of(state(1, 7), state(2, 7), other), THREE))
                .isEqualTo(HashTally.of(Subject.STATE, List.of(state(1, 7), state(2, 7)), THREE));
    }

    @Test
    void oneWrongCompactionAmongManyIsEnough() {
        CorruptHash first = hash(1, 5, 5, 1);
        CorruptHash second = hash(1, 9, 9, 2);
        HashTally tally = HashTally.of(Subject.COMPACTIONS, List.of(report(1, first, second),
                report(2, first, hash(1, 9, 9, 3)), report(3, first, second)), THREE);
        assertThat(tally.differing()).containsExactly(2L);
        assertThat(tally.agreeing()).containsExactly(1L, 3L);
    }

    private static CorruptReport state(long member, long hash) {
        return report(member, hash(1, 10, 5, hash));
    }

    private static CorruptReport report(long member, CorruptHash... hashes) {
        return CorruptReport.newBuilder().setMemberID(member).addAllHashes(List.of(hashes))
                .build();
    }

    private static CorruptHash hash(int format, long revision, long compactRevision, long hash) {
        return CorruptHash.newBuilder().setFormat(format).setRevision(revision)
                .setCompactRevision(compactRevision).setHash(hash).build();
    }
}
