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
 * its addresses, and host, length first, and port of each. In another version a note follows to the end.
 */
final class MemberAddresses {
    private static final int MAGIC = 0x4a4d4101;
    private static final int MAGIC_WITH_NOTE = 0x4a4d4102;
    /** The least that a member takes. */
    private static final int MEMBER_BYTES_MIN = Long.BYTES + Integer.BYTES;

    private MemberAddresses() {}

    static Bytes encode(Collection<Member> members) {
        return encode(members, Bytes.EMPTY);
    }

    static Bytes encode(Collection<Member> members, Bytes note) {
        int size = 2 * Integer.BYTES + note.size();
        for (Member member : members) {
            size += MEMBER_BYTES_MIN;
            for (HostPort address : member.addresses()) {
                size += 2 * Integer.BYTES
                        + address.host().getBytes(StandardCharsets.UTF_8).length;
            }
        }
        ByteBuffer target = ByteBuffer.allocate(size)
                .putInt(note.isEmpty() ? MAGIC : MAGIC_WITH_NOTE).putInt(members.size());
        for (Member member : members) {
            target.putLong(member.id()).putInt(member.addresses().size());
            for (HostPort address : member.addresses()) {
                byte[] host = address.host().getBytes(StandardCharsets.UTF_8);
                target.putInt(host.length).put(host).putInt(address.port());
            }
        }
        note.copyTo(target);
        return Bytes.copyOf(target.flip());
    }

    /** What {@link #encode} made {@code data} from; nothing if it did not, the same on all members. */
    static List<Member> decode(Bytes data) {
        return read(data).members();
    }

    /** The note that {@link #encode} was given; empty if it was given none. */
    static Bytes note(Bytes data) {
        return read(data).note();
    }

    private record Content(List<Member> members, Bytes note) {
        static final Content NONE = new Content(List.of(), Bytes.EMPTY);
    }

    private static Content read(Bytes data) {
        ByteBuffer source = data.asByteBuffer();
        int magic = source.remaining() < 2 * Integer.BYTES ? 0 : source.getInt();
        if (magic != MAGIC && magic != MAGIC_WITH_NOTE) {
            return Content.NONE;
        }
        try {
            int count = count(source, MEMBER_BYTES_MIN);
            List<Member> members = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                members.add(new Member(source.getLong(), addresses(source)));
            }
            return source.hasRemaining() == (magic == MAGIC)
                    ? Content.NONE
                    : new Content(members, Bytes.copyOf(source));
        } catch (IllegalArgumentException | BufferUnderflowException malformed) {
            return Content.NONE;
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
