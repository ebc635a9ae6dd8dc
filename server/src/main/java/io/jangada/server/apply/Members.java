// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.membership.Attributes;
import io.jangada.api.membership.Member;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.CorruptStoreException;
import io.jangada.mvcc.ReadView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What the store remembers of the cluster: its members and the alarms that are raised. Stateless. */
public final class Members {
    private static final ByteString MEMBER = ByteString.copyFromUtf8("member/");
    private static final ByteString ALARM = ByteString.copyFromUtf8("alarm/");

    private Members() {}

    /** All members, by ascending unsigned id. */
    public static List<Member> all(ReadView view) {
        List<Member> members = new ArrayList<>();
        for (ByteString stored : view.metaByPrefix(MEMBER).values()) {
            members.add(decode(stored));
        }
        return List.copyOf(members);
    }

    /** All alarms that are raised. */
    public static List<AlarmMember> alarms(ReadView view) {
        return alarms(view.metaByPrefix(ALARM).values());
    }

    static List<AlarmMember> alarms(ApplyBatch batch) {
        return alarms(batch.metaByPrefix(ALARM).values());
    }

    private static List<AlarmMember> alarms(Collection<ByteString> stored) {
        List<AlarmMember> alarms = new ArrayList<>();
        for (ByteString one : stored) {
            try {
                alarms.add(AlarmMember.parseFrom(one));
            } catch (InvalidProtocolBufferException malformed) {
                throw new CorruptStoreException("stored alarm", malformed);
            }
        }
        return List.copyOf(alarms);
    }

    static void put(ApplyBatch batch, Member member) {
        batch.putMeta(memberName(member.getID()), member.toByteString());
    }

    static void remove(ApplyBatch batch, long id) {
        batch.deleteMeta(memberName(id));
    }

    static void publish(ApplyBatch batch, long id, Attributes attributes) {
        Optional<ByteString> stored = batch.meta(memberName(id));
        if (stored.isPresent()) {
            put(batch, decode(stored.get()).toBuilder().setMemberAttributes(attributes).build());
        }
    }

    static void raise(ApplyBatch batch, AlarmMember alarm) {
        batch.putMeta(alarmName(alarm), alarm.toByteString());
    }

    static void lower(ApplyBatch batch, AlarmMember alarm) {
        batch.deleteMeta(alarmName(alarm));
    }

    private static Member decode(ByteString stored) {
        try {
            return Member.parseFrom(stored);
        } catch (InvalidProtocolBufferException malformed) {
            throw new CorruptStoreException("stored member", malformed);
        }
    }

    private static ByteString memberName(long id) {
        return MEMBER.concat(ByteString.copyFromUtf8(String.format("%016x", id)));
    }

    private static ByteString alarmName(AlarmMember alarm) {
        return ALARM.concat(ByteString.copyFromUtf8(
                String.format("%d/%016x", alarm.getAlarmValue(), alarm.getMemberID())));
    }
}
