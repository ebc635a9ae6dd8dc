// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.model.Message;
import java.util.Arrays;

/** Leads to a state from which an exploration starts: the dangerous ones are many steps away. */
final class Script {
    private final Explorer explorer;
    private int[] state;

    Script(Explorer explorer) {
        this.explorer = explorer;
        state = explorer.start();
    }

    int[] state() {
        return state.clone();
    }

    Script campaign(int member) {
        return event(member, Table.CAMPAIGN);
    }

    Script propose(int member) {
        return event(member, Table.PROPOSE);
    }

    Script change(int member) {
        return event(member, Table.CHANGE);
    }

    Script crash(int member) {
        return event(member, Table.CRASH);
    }

    /** Has {@code voter} elect {@code candidate}, which campaigns first. */
    Script elect(int candidate, int voter) {
        return campaign(candidate).written(candidate).voteFor(candidate, voter);
    }

    /** Has {@code voter} elect {@code candidate}, which has campaigned. */
    Script voteFor(int candidate, int voter) {
        return deliver(Message.VoteRequest.class, candidate, voter).written(voter)
                .deliver(Message.VoteResponse.class, voter, candidate).written(candidate);
    }

    /** Has {@code follower} take and acknowledge the last append of {@code leader}. */
    Script replicate(int leader, int follower) {
        return deliver(Message.AppendRequest.class, leader, follower).written(follower)
                .deliver(Message.AppendResponse.class, follower, leader);
    }

    /** Delivers the message of this kind that was first sent last. */
    Script deliver(Class<? extends Message> kind, int from, int to) {
        int found = Arrays.stream(explorer.messages(state))
                .filter(number -> kind.isInstance(explorer.table().message(number)))
                .filter(number -> explorer.table().message(number).from() == from)
                .filter(number -> explorer.table().message(number).to() == to)
                .max()
                .orElseThrow(() -> new IllegalStateException(
                        "no " + kind.getSimpleName() + " from " + from + " to " + to));
        return event(to, Table.DELIVER + found);
    }

    /** On a slow disk, all writes of {@code member} are done. */
    private Script written(int member) {
        while (explorer.table().local(state[member - 1]).isWriting) {
            event(member, Table.WRITTEN);
        }
        return this;
    }

    private Script event(int member, int event) {
        int[] next = explorer.after(state, member - 1, event * 2);
        if (next != null) {
            state = next;
        }
        return this;
    }
}
