// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * Who the members of a group are, as one of them says on its peer port to somebody who is to join and
 * knows no more than addresses. Immutable.
 *
 * @param clusterId whose cluster it is
 * @param members all members, with where they are
 */
public record Roster(long clusterId, List<Member> members) {
    private static final int MAGIC = 0x4a524f01;
    private static final int HEAD_BYTES = Integer.BYTES + Long.BYTES;

    public Roster {
        members = List.copyOf(members);
    }

    /** A magic number with the version in it, the cluster's id, and the members' addresses. */
    Bytes encode() {
        Bytes addresses = MemberAddresses.encode(members);
        ByteBuffer target = ByteBuffer.allocate(HEAD_BYTES + addresses.size()).putInt(MAGIC)
                .putLong(clusterId);
        addresses.copyTo(target);
        return Bytes.copyOf(target.flip());
    }

    /** What a member answered; empty if it is not understood. */
    public static Optional<Roster> decode(Bytes answer) {
        ByteBuffer source = answer.asByteBuffer();
        if (source.remaining() < HEAD_BYTES || source.getInt() != MAGIC) {
            return Optional.empty();
        }
        long clusterId = source.getLong();
        List<Member> members = MemberAddresses.decode(Bytes.copyOf(source));
        return members.isEmpty() ? Optional.empty() : Optional.of(new Roster(clusterId, members));
    }
}
