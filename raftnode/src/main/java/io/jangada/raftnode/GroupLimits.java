// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/**
 * What is bounded in a group. Immutable.
 *
 * @param proposalBytesMax the largest command; a larger one is a caller's mistake. With its envelope of
 *     17 bytes it must fit into a record of the host's log
 * @param pendingProposalsMax proposals of this member without an answer; more are refused as overloaded
 * @param pendingReadsMax reads of this member without an answer; more are refused as overloaded
 * @param applyBatchCountMax entries that the state machine gets at once
 * @param applyBatchBytesMax their size, which one entry may exceed
 * @param logBytesMax the log in memory, as far as it is applied: beyond, a snapshot is made before its time, and then
 *     half of this is kept at the most, even if followers lag, who get the snapshot
 * @param appendBytesMax entries in one message to a follower, which one entry may exceed (etcd: maxSizePerMsg)
 */
public record GroupLimits(int proposalBytesMax, int pendingProposalsMax, int pendingReadsMax,
        int applyBatchCountMax, long applyBatchBytesMax, long logBytesMax, int appendBytesMax) {

    /**
     * Commands of 16 MiB, 65,536 proposals, 65,536 reads, batches of 4,096 entries or 8 MiB, a log of
     * 64 MiB, messages of 512 KiB.
     */
    public static final GroupLimits DEFAULT = new GroupLimits(16 << 20, 65_536, 65_536, 4_096,
            8L << 20, 64L << 20, 512 << 10);

    public GroupLimits {
        atLeastOne("proposalBytesMax", proposalBytesMax);
        atLeastOne("pendingProposalsMax", pendingProposalsMax);
        atLeastOne("pendingReadsMax", pendingReadsMax);
        atLeastOne("applyBatchCountMax", applyBatchCountMax);
        atLeastOne("applyBatchBytesMax", applyBatchBytesMax);
        atLeastOne("logBytesMax", logBytesMax);
        atLeastOne("appendBytesMax", appendBytesMax);
    }

    /** The same with another bound on commands. */
    public GroupLimits withProposalBytesMax(int value) {
        return new GroupLimits(value, pendingProposalsMax, pendingReadsMax, applyBatchCountMax,
                applyBatchBytesMax, logBytesMax, appendBytesMax);
    }

    /** The same with another bound on messages with entries. */
    public GroupLimits withAppendBytesMax(int value) {
        return new GroupLimits(proposalBytesMax, pendingProposalsMax, pendingReadsMax,
                applyBatchCountMax, applyBatchBytesMax, logBytesMax, value);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", below 1");
        }
    }
}
