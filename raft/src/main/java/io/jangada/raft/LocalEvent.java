// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import java.util.List;

/**
 * What only this process may tell its core. A type apart from {@code Message}, so that nothing that
 * comes from the network can be taken for one. Immutable.
 */
public sealed interface LocalEvent {

    /**
     * A response of a {@link StorageAppend} that this member has for itself, let go since the append is
     * durable: its vote for itself, or a leader's acknowledgement of its own log. Not a message to be
     * stepped like a peer's: whoever sent such a one over the network would have a leader count entries
     * that its disk does not have.
     *
     * @param response from this member to itself
     */
    record Released(Message response) implements LocalEvent {}

    /**
     * A {@link StorageAppend} is durable (etcd raft: MsgStorageAppendResp).
     *
     * @param term the member's term when the append was handed out
     * @param last the last entry of the log then; {@link EntryId#ZERO} if nothing was unstable
     * @param snapshot the id of the snapshot that was written; {@link EntryId#ZERO} if none
     */
    record StorageAppended(long term, EntryId last, EntryId snapshot) implements LocalEvent {}

    /**
     * The entries of a {@link StorageApply} are applied (etcd raft: MsgStorageApplyResp).
     *
     * @param entries those of the {@code StorageApply}
     */
    record StorageApplied(List<Entry> entries) implements LocalEvent {
        public StorageApplied {
            entries = List.copyOf(entries);
        }
    }

    /** Nothing reaches {@code peer} (etcd raft: MsgUnreachable). */
    record Unreachable(long peer) implements LocalEvent {}

    /**
     * How the transfer of a snapshot to {@code peer} ended (etcd raft: MsgSnapStatus).
     *
     * @param delivered whether the peer has it
     */
    record SnapshotReport(long peer, boolean delivered) implements LocalEvent {}

    /** Campaign now (etcd raft: MsgHup). */
    record Campaign() implements LocalEvent {}

    /**
     * Whether this member may vote. One that has lost part of what it had promised (its disk was wiped,
     * restored from an older copy, or damaged) must not: its vote could elect a member that lacks a
     * committed entry, or a second leader of a term. It follows, and acknowledges what it then has; it
     * neither votes nor campaigns, and a leader steps down.
     *
     * @param abstains until told otherwise
     */
    record Abstain(boolean abstains) implements LocalEvent {}

    /**
     * {@code peer} has lost part of what it had acknowledged: a leader begins anew with finding out what
     * its log has. Without that its refusals would pass for old ones (Progress.maybeDecreaseTo).
     */
    record PeerForgot(long peer) implements LocalEvent {}

    /** Forget who leads, so that a vote can be given (etcd raft: MsgForgetLeader). */
    record ForgetLeader() implements LocalEvent {}
}
