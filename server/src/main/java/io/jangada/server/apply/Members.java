// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.membership.Attributes;
import io.jangada.api.membership.Member;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.CorruptStoreException;
import io.jangada.mvcc.HistoryImport;
import io.jangada.mvcc.ReadView;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the store remembers of the cluster: its members and the alarms that are raised. Stateless. */
public final class Members {
    private static final ByteString MEMBER = ByteString.copyFromUtf8("member/");
    private static final ByteString JOINING = ByteString.copyFromUtf8("joining/");
    private static final ByteString REMOVED = ByteString.copyFromUtf8("removed/");
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

    /** The member {@code id}. */
    public static Optional<Member> find(ReadView view, long id) {
        return view.meta(memberName(id)).map(Members::decode);
    }

    /** Who was added as a voter and does not vote yet. */
    public static Set<Long> joining(ReadView view) {
        return ids(view, JOINING);
    }

    /** Whoever was removed; none of them comes back. */
    public static Set<Long> removed(ReadView view) {
        return ids(view, REMOVED);
    }

    private static Set<Long> ids(ReadView view, ByteString prefix) {
        Set<Long> ids = new TreeSet<>();
        for (ByteString name : view.metaByPrefix(prefix).keySet()) {
            ids.add(Long.parseUnsignedLong(name.substring(prefix.size()).toStringUtf8(), 16));
        }
        return Collections.unmodifiableSet(ids);
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

    /** A new member: as a learner, or as a voter to be, which is joining until it votes. */
    static void add(ApplyBatch batch, Member member) {
        if (batch.meta(memberName(member.getID())).isEmpty()) {
            put(batch, member);
            if (!member.getRaftAttributes().getIsLearner()) {
                batch.putMeta(name(JOINING, member.getID()), ByteString.EMPTY);
            }
        }
    }

    /** A member votes now. */
    static void promote(ApplyBatch batch, long id) {
        batch.deleteMeta(name(JOINING, id));
        batch.meta(memberName(id)).map(Members::decode)
                .filter(member -> member.getRaftAttributes().getIsLearner())
                .ifPresent(member -> put(batch, member.toBuilder().setRaftAttributes(
                        member.getRaftAttributes().toBuilder().setIsLearner(false)).build()));
    }

    /** A member is elsewhere now. */
    static void move(ApplyBatch batch, Member moved) {
        batch.meta(memberName(moved.getID())).map(Members::decode)
                .ifPresent(member -> put(batch, member.toBuilder()
                        .setRaftAttributes(member.getRaftAttributes().toBuilder().clearPeerUrls()
                                .addAllPeerUrls(moved.getRaftAttributes().getPeerUrlsList()))
                        .build()));
    }

    /** A member is gone; its id is remembered, with its alarms lowered. */
    static void remove(ApplyBatch batch, long id) {
        batch.deleteMeta(memberName(id));
        batch.deleteMeta(name(JOINING, id));
        batch.putMeta(name(REMOVED, id), ByteString.EMPTY);
        alarms(batch).stream().filter(alarm -> alarm.getMemberID() == id)
                .forEach(alarm -> lower(batch, alarm));
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

    /** Raises an alarm in a store that is being restored. */
    public static void raise(HistoryImport into, AlarmMember alarm) {
        into.putMeta(alarmName(alarm), alarm.toByteString());
    }

    static void put(HistoryImport into, Member member) {
        into.putMeta(memberName(member.getID()), member.toByteString());
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
        return name(MEMBER, id);
    }

    private static ByteString name(ByteString prefix, long id) {
        return prefix.concat(ByteString.copyFromUtf8(String.format("%016x", id)));
    }

    private static ByteString alarmName(AlarmMember alarm) {
        return ALARM.concat(ByteString.copyFromUtf8(
                String.format("%d/%016x", alarm.getAlarmValue(), alarm.getMemberID())));
    }
}
