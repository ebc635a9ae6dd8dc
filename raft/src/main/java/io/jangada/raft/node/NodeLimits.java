// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.node;

/**
 * How much may wait before the core. Immutable.
 *
 * @param proposalCountMax proposals waiting; more are dropped as overloaded
 * @param proposalBytesMax payload of proposals waiting, in bytes
 * @param messageCountMax messages from peers waiting; more are dropped and counted
 * @param tickCountMax ticks waiting; more are dropped and counted
 * @param batchCountMax proposals that go into one round of appends
 * @param batchBytesMax payload that goes into one round of appends, in bytes; one proposal may exceed it
 */
public record NodeLimits(int proposalCountMax, long proposalBytesMax, int messageCountMax,
        int tickCountMax, int batchCountMax, long batchBytesMax) {

    /** 65,536 proposals of 64 MiB, 16,384 messages, 128 ticks, batches of 1,024 proposals or 1 MiB. */
    public static final NodeLimits DEFAULT = new NodeLimits(65_536, 64L << 20, 16_384, 128, 1_024,
            1 << 20);

    public NodeLimits {
        atLeastOne("proposalCountMax", proposalCountMax);
        atLeastOne("proposalBytesMax", proposalBytesMax);
        atLeastOne("messageCountMax", messageCountMax);
        atLeastOne("tickCountMax", tickCountMax);
        atLeastOne("batchCountMax", batchCountMax);
        atLeastOne("batchBytesMax", batchBytesMax);
    }

    private static void atLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " is " + value + ", must be at least 1");
        }
    }
}
