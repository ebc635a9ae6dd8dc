// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.membership.Member;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfState;
import io.jangada.raftnode.Membership;
import java.util.Optional;

/**
 * What a change of membership does to what the store remembers of the members. Who a member is, and what
 * it was added as, comes in the change's note; a member that becomes a learner for a while, to vote again
 * once it has caught up, stays what it was added as. Stateless.
 */
final class MemberChanges {
    private MemberChanges() {}

    static void apply(ApplyBatch batch, ConfChange change, ConfState result) {
        Optional<Member> told = told(change);
        for (ConfChangeSingle one : change.changes()) {
            long id = one.nodeId();
            Optional<Member> named = told.filter(member -> member.getID() == id);
            switch (one.type()) {
                case ADD_LEARNER_NODE -> named.ifPresent(member -> Members.add(batch, member));
                case ADD_NODE -> Members.promote(batch, id);
                case REMOVE_NODE -> {
                    if (!result.voters().contains(id) && !result.learners().contains(id)) {
                        Members.remove(batch, id);
                    }
                }
                case UPDATE_NODE -> named.ifPresent(member -> Members.move(batch, member));
            }
        }
    }

    /* A note that is none is none on all members alike. */
    private static Optional<Member> told(ConfChange change) {
        Bytes note = Membership.note(change);
        if (note.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Member.parseFrom(note.asByteBuffer()));
        } catch (InvalidProtocolBufferException malformed) {
            return Optional.empty();
        }
    }
}
