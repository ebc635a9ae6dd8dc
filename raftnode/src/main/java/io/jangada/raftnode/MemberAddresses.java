// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.network.HostPort;
import io.jangada.raft.model.Bytes;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Members and their addresses as bytes, for the context of a change of membership and the data of a
 * snapshot: a magic number with the version in it, and a count; then for each member its id, the count of
 * its addresses, and host, length first, and port of each.
 */
final class MemberAddresses {
    private static final int MAGIC = 0x4a4d4101;
    /** The least that a member takes. */
    private static final int MEMBER_BYTES_MIN = Long.BYTES + Integer.BYTES;

    private MemberAddresses() {}

    static Bytes encode(Collection<Member> members) {
        int size = 2 * Integer.BYTES;
        for (Member member : members) {
            size += MEMBER_BYTES_MIN;
            for (HostPort address : member.addresses()) {
                size += 2 * Integer.BYTES
                        + address.host().getBytes(StandardCharsets.UTF_8).length;
            }
        }
        ByteBuffer target = ByteBuffer.allocate(size).putInt(MAGIC).putInt(members.size());
        for (Member member : members) {
            target.putLong(member.id()).putInt(member.addresses().size());
            for (HostPort address : member.addresses()) {
                byte[] host = address.host().getBytes(StandardCharsets.UTF_8);
                target.putInt(host.length).put(host).putInt(address.port());
            }
        }
        return Bytes.copyOf(target.flip());
    }

    /** What {@link #encode} made {@code data} from; nothing if it did not, the same on all members. */
    static List<Member> decode(Bytes data) {
        ByteBuffer source = data.asByteBuffer();
        if (source.remaining() < 2 * Integer.BYTES || source.getInt() != MAGIC) {
            return List.of();
        }
        try {
            int count = count(source, MEMBER_BYTES_MIN);
            List<Member> members = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                members.add(new Member(source.getLong(), addresses(source)));
            }
            return source.hasRemaining() ? List.of() : members;
        } catch (IllegalArgumentException | BufferUnderflowException malformed) {
            return List.of();
        }
    }

    private static List<HostPort> addresses(ByteBuffer source) {
        int count = count(source, 2 * Integer.BYTES);
        List<HostPort> addresses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            byte[] host = new byte[count(source, 1)];
            source.get(host);
            addresses.add(new HostPort(new String(host, StandardCharsets.UTF_8),
                    source.getInt()));
        }
        return addresses;
    }

    private static int count(ByteBuffer source, int bytesEach) {
        int count = source.getInt();
        if (count < 0 || count > source.remaining() / bytesEach) {
            throw new IllegalArgumentException("count is " + count + " with "
                    + source.remaining() + " bytes left");
        }
        return count;
    }
}
