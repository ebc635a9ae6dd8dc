// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/**
 * What is bounded in a group. Immutable.
 *
 * @param proposalBytesMax the largest command; a larger one is a caller's mistake
 * @param pendingProposalsMax proposals of this member without an answer; more are refused as overloaded
 * @param pendingReadsMax reads of this member without an answer; more are refused as overloaded
 * @param applyBatchCountMax entries that the state machine gets at once
 * @param applyBatchBytesMax their size, which one entry may exceed
 */
public record GroupLimits(int proposalBytesMax, int pendingProposalsMax, int pendingReadsMax,
        int applyBatchCountMax, long applyBatchBytesMax) {

    /** Commands of 16 MiB, 65,536 proposals, 65,536 reads, batches of 4,096 entries or 8 MiB. */
    public static final GroupLimits DEFAULT = new GroupLimits(16 << 20, 65_536, 65_536, 4_096,
            8L << 20);

    public GroupLimits {
        atLeastOne("proposalBytesMax", proposalBytesMax);
        atLeastOne("pendingProposalsMax", pendingProposalsMax);
        atLeastOne("pendingReadsMax", pendingReadsMax);
        atLeastOne("applyBatchCountMax", applyBatchCountMax);
        atLeastOne("applyBatchBytesMax", applyBatchBytesMax);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", below 1");
        }
    }
}
