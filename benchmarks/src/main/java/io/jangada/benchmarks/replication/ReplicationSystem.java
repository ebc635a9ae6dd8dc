// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import java.io.IOException;
import java.nio.file.Path;

/** The systems that are measured. */
enum ReplicationSystem {
    JANGADA, JRAFT, RATIS;

    /**
     * Three members with their files below {@code directory}, which is empty or absent; waits for a leader.
     *
     * @param payloadBytes the size of each proposal
     * @throws IOException if the disk or the network is not as it should be, or nobody leads within 30 s
     */
    ReplicatedGroup open(Path directory, int payloadBytes)
            throws IOException, InterruptedException {
        byte[] payload = new byte[payloadBytes];
        for (int i = 0; i < payloadBytes; i++) {
            payload[i] = (byte) (i * 31 + 7);
        }
        return switch (this) {
            case JANGADA -> JangadaGroup.open(directory, payload);
            case JRAFT -> JraftGroup.open(directory, payload);
            case RATIS -> RatisGroup.open(directory, payload);
        };
    }
}
