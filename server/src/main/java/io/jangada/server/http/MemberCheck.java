// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmType;
import io.jangada.mvcc.CorruptStoreException;
import io.jangada.mvcc.ReadView;
import io.jangada.server.apply.Members;
import io.jangada.server.member.LocalMember;
import java.util.List;
import java.util.function.Consumer;

/**
 * One question about a member's health, by the name that probes use for it (etcd: health.go). Each is
 * answered with what is wrong, empty if nothing is: now, or later by any thread.
 */
enum MemberCheck {
    /** Whether the store's data are known to be damaged. */
    DATA_CORRUPTION("data_corruption"),
    /** Whether this member's own store can be read. */
    SERIALIZABLE_READ("serializable_read"),
    /** Whether a quorum stands behind a read. */
    LINEARIZABLE_READ("linearizable_read"),
    /** Whether this member votes. */
    NON_LEARNER("non_learner");

    private static final ByteString ANY_KEY = ByteString.copyFrom(new byte[1]);

    private final String label;

    MemberCheck(String label) {
        this.label = label;
    }

    /** As it is named in paths and answers. */
    String label() {
        return label;
    }

    void ask(LocalMember member, Consumer<String> answer) {
        switch (this) {
            case DATA_CORRUPTION -> answer.accept(alarms(member).contains(AlarmType.CORRUPT)
                    ? "alarm activated: CORRUPT"
                    : "");
            case SERIALIZABLE_READ -> answer.accept(localRead(member));
            case LINEARIZABLE_READ -> member.readIndex(() -> answer.accept(localRead(member)),
                    error -> answer.accept("range error: " + error.status().getDescription()));
            case NON_LEARNER -> answer.accept(member.status().confState().learners()
                    .contains(member.memberId()) ? "this member is a learner" : "");
        }
    }

    /** The alarms that are raised in the cluster. */
    static List<AlarmType> alarms(LocalMember member) {
        try (ReadView view = member.store().view()) {
            return Members.alarms(view).stream().map(AlarmMember::getAlarm)
                    .filter(alarm -> alarm != AlarmType.NONE).toList();
        }
    }

    private static String localRead(LocalMember member) {
        if (member.status().stopped()) {
            return "range error: etcdserver: server stopped";
        }
        try (ReadView view = member.store().view()) {
            var ignored = view.get(ANY_KEY);
            return "";
        } catch (CorruptStoreException damaged) {
            return "range error: " + damaged.getMessage();
        }
    }
}
