// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.RoleName;
import io.jangada.raft.SoftState;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.StorageApply;
import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** How the traces show values. */
final class Text {
    /** All types of messages, in the order of their numbers from 0 on. */
    static final List<String> MESSAGE_TYPES = List.of("MsgHup", "MsgBeat", "MsgProp", "MsgApp",
            "MsgAppResp", "MsgVote", "MsgVoteResp", "MsgSnap", "MsgHeartbeat", "MsgHeartbeatResp",
            "MsgUnreachable", "MsgSnapStatus", "MsgCheckQuorum", "MsgTransferLeader",
            "MsgTimeoutNow", "MsgReadIndex", "MsgReadIndexResp", "MsgPreVote", "MsgPreVoteResp",
            "MsgStorageAppend", "MsgStorageAppendResp", "MsgStorageApply", "MsgStorageApplyResp",
            "MsgForgetLeader");

    private Text() {}

    static String hex(long id) {
        return Long.toHexString(id);
    }

    static String role(RoleName role) {
        return switch (role) {
            case FOLLOWER -> "StateFollower";
            case CANDIDATE -> "StateCandidate";
            case LEADER -> "StateLeader";
            case PRE_CANDIDATE -> "StatePreCandidate";
        };
    }

    static String softState(SoftState state) {
        return "Lead:" + state.leader() + " State:" + role(state.role());
    }

    static String hardState(HardState state) {
        String vote = state.vote() == 0 ? "" : " Vote:" + state.vote();
        return "Term:" + state.term() + vote + " Commit:" + state.commit();
    }

    static String snapshot(Snapshot snapshot) {
        ConfState conf = snapshot.confState();
        return "Index:" + snapshot.index() + " Term:" + snapshot.term() + " ConfState:Voters:"
                + ids(conf.voters()) + " VotersOutgoing:" + ids(conf.votersOutgoing())
                + " Learners:" + ids(conf.learners()) + " LearnersNext:"
                + ids(conf.learnersNext()) + " AutoLeave:" + conf.autoLeave();
    }

    private static String ids(List<Long> ids) {
        return ids.stream().map(Object::toString).collect(Collectors.joining(" ", "[", "]"));
    }

    static String entry(Entry entry) {
        String place = entry.term() + "/" + entry.index() + " ";
        return switch (entry.type()) {
            case NORMAL -> place + "EntryNormal " + Quote.quote(entry.data());
            case CONF_CHANGE -> place + "EntryConfChange" + changes(entry);
            case CONF_CHANGE_V2 -> place + "EntryConfChangeV2" + changes(entry);
        };
    }

    private static String changes(Entry entry) {
        return ConfChangeCodec.decode(entry.type(), entry.data()).map(change -> {
            String tokens = change.changes().stream().map(Text::token)
                    .collect(Collectors.joining(" "));
            return tokens.isEmpty() ? "" : " " + tokens;
        }).orElse(" malformed");
    }

    private static String token(ConfChangeSingle change) {
        return switch (change.type()) {
            case ADD_NODE -> "v";
            case ADD_LEARNER_NODE -> "l";
            case REMOVE_NODE -> "r";
            case UPDATE_NODE -> "u";
        } + change.nodeId();
    }

    /** Reads {@code v1 l2 r3 u4}. */
    static List<ConfChangeSingle> changes(String tokens) {
        var changes = new ArrayList<ConfChangeSingle>();
        for (String token : tokens.isBlank() ? new String[0] : tokens.strip().split("\\s+")) {
            ConfChangeType type = switch (token.charAt(0)) {
                case 'v' -> ConfChangeType.ADD_NODE;
                case 'l' -> ConfChangeType.ADD_LEARNER_NODE;
                case 'r' -> ConfChangeType.REMOVE_NODE;
                case 'u' -> ConfChangeType.UPDATE_NODE;
                default -> throw new IllegalArgumentException("no change: " + token);
            };
            changes.add(new ConfChangeSingle(type, Directive.id(token.substring(1))));
        }
        return changes;
    }

    static String progress(ProgressMap members) {
        var text = new StringBuilder();
        for (int i = 0; i < members.size(); i++) {
            text.append(progress(members.ids().at(i), members.at(i)));
        }
        return text.toString();
    }

    static String progress(long id, Progress progress) {
        return id + ": " + progress + "\n";
    }

    /** The name of the kind of {@code message}. */
    static String type(Message message) {
        return switch (message) {
            case Message.Propose ignored -> "MsgProp";
            case Message.AppendRequest ignored -> "MsgApp";
            case Message.AppendResponse ignored -> "MsgAppResp";
            case Message.AppendReject ignored -> "MsgAppResp";
            case Message.VoteRequest ignored -> "MsgVote";
            case Message.VoteResponse ignored -> "MsgVoteResp";
            case Message.PreVoteRequest ignored -> "MsgPreVote";
            case Message.PreVoteResponse ignored -> "MsgPreVoteResp";
            case Message.InstallSnapshot ignored -> "MsgSnap";
            case Message.Heartbeat ignored -> "MsgHeartbeat";
            case Message.HeartbeatResponse ignored -> "MsgHeartbeatResp";
            case Message.ReadIndexRequest ignored -> "MsgReadIndex";
            case Message.ReadIndexResponse ignored -> "MsgReadIndexResp";
            case Message.TransferLeader ignored -> "MsgTransferLeader";
            case Message.TimeoutNow ignored -> "MsgTimeoutNow";
        };
    }

    static String message(Message message) {
        var line = new MessageText(hex(message.from()), hex(message.to()), type(message),
                message.term());
        switch (message) {
            case Message.Propose m -> line.entries(m.entries());
            case Message.AppendRequest m -> line.log(m.previous()).commit(m.commit())
                    .entries(m.entries());
            case Message.AppendResponse m -> line.log(new EntryId(0, m.index()));
            case Message.AppendReject m -> line.log(new EntryId(m.hint().term(), m.index()))
                    .rejected(m.hint().index());
            case Message.VoteRequest m -> line.log(m.last());
            case Message.VoteResponse m -> line.rejectedUnless(m.granted());
            case Message.PreVoteRequest m -> line.log(m.last());
            case Message.PreVoteResponse m -> line.rejectedUnless(m.granted());
            case Message.InstallSnapshot m -> line.snapshot(m.snapshot());
            case Message.Heartbeat m -> line.commit(m.commit());
            case Message.HeartbeatResponse ignored -> {
            }
            case Message.ReadIndexRequest m -> line.entries(context(m.context()));
            case Message.ReadIndexResponse m -> line.log(new EntryId(0, m.index()))
                    .entries(context(m.context()));
            case Message.TransferLeader ignored -> {
            }
            case Message.TimeoutNow ignored -> {
            }
        }
        return line.toString();
    }

    private static List<Entry> context(Bytes context) {
        return List.of(new Entry(0, 0, EntryType.NORMAL, context));
    }

    static String storageAppend(long node, StorageAppend append, List<String> responses) {
        return new MessageText(hex(node), "AppendThread", "MsgStorageAppend",
                append.hardState().term()).commit(append.hardState().commit())
                .vote(append.hardState().vote()).entries(append.entries())
                .snapshot(append.snapshot()).responses(responses).toString();
    }

    static String storageAppended(long node, LocalEvent.StorageAppended done, Snapshot snapshot) {
        return new MessageText("AppendThread", hex(node), "MsgStorageAppendResp", done.term())
                .log(done.last()).snapshot(snapshot).toString();
    }

    static String storageApply(long node, StorageApply apply, List<String> responses) {
        return new MessageText(hex(node), "ApplyThread", "MsgStorageApply", 0)
                .entries(apply.entries()).responses(responses).toString();
    }

    static String storageApplied(long node, LocalEvent.StorageApplied done) {
        return new MessageText("ApplyThread", hex(node), "MsgStorageApplyResp", 0)
                .entries(done.entries()).toString();
    }
}
