// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.confchange.ConfChangeCodec;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeType;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import io.jangada.raft.tracker.Progress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/**
 * A core whose storage is immediate: what waits for storage is released, and what is for the core
 * itself is stepped, as soon as the messages are looked at.
 */
final class TestNode {
    final MemoryStorage storage;
    final Raft raft;

    TestNode(MemoryStorage storage, long id, UnaryOperator<RaftConfig.Builder> options) {
        this.storage = storage;
        raft = new Raft(options.apply(plain(id, storage)).build());
    }

    /** The paper tests' node: no pre-vote, no check-quorum, no limits. */
    static RaftConfig.Builder plain(long id, MemoryStorage storage) {
        return RaftConfig.builder(id, storage, new Random(id))
                .checkQuorum(false).preVote(false).stepDownOnRemoval(false)
                .stepDownOnStalledStorage(false)
                .maxMessageBytes(Long.MAX_VALUE).maxCommittedBytes(Long.MAX_VALUE)
                .maxUncommittedBytes(0).maxInflightBytes(0);
    }

    static TestNode of(long id, long... voters) {
        return of(id, options -> options, voters);
    }

    static TestNode of(long id, UnaryOperator<RaftConfig.Builder> options, long... voters) {
        return new TestNode(MemoryStorage.withConfState(voters(voters)), id, options);
    }

    static TestNode ofMembers(long id, ConfState members) {
        return new TestNode(MemoryStorage.withConfState(members), id, options -> options);
    }

    /** With a stored log of entries of these terms from index 1 on. */
    static TestNode withLog(long id, HardState hardState, long[] terms, long... voters) {
        return withLog(id, options -> options, hardState, terms, voters);
    }

    static TestNode withLog(long id, UnaryOperator<RaftConfig.Builder> options,
            HardState hardState, long[] terms, long... voters) {
        var storage = MemoryStorage.withConfState(voters(voters));
        storage.append(entries(1, terms));
        storage.setHardState(hardState);
        return new TestNode(storage, id, options);
    }

    static ConfState voters(long... ids) {
        var voters = new ArrayList<Long>();
        for (long id : ids) {
            voters.add(id);
        }
        return ConfState.ofVoters(voters);
    }

    static ConfState members(List<Long> voters, List<Long> learners) {
        return new ConfState(voters, learners, List.of(), List.of(), false);
    }

    static ConfChange change(ConfChangeType type, long member) {
        return new ConfChange.V1(0, new ConfChangeSingle(type, member), Bytes.EMPTY);
    }

    static List<Entry> entries(long from, long... terms) {
        var entries = new ArrayList<Entry>();
        for (long term : terms) {
            entries.add(new Entry(term, from + entries.size(), EntryType.NORMAL, Bytes.EMPTY));
        }
        return entries;
    }

    static EntryId id(long index, long term) {
        return new EntryId(term, index);
    }

    long id() {
        return raft.id();
    }

    void campaign() {
        raft.step(new LocalEvent.Campaign());
    }

    void tick(int times) {
        for (int i = 0; i < times; i++) {
            raft.tick();
        }
    }

    ProposeOutcome propose(String data) {
        return raft.propose(new Message.Propose(id(), id(),
                List.of(Entry.proposed(EntryType.NORMAL, Bytes.utf8(data)))));
    }

    ProposeOutcome propose(ConfChange change) {
        return raft.propose(new Message.Propose(id(), id(), List.of(
                Entry.proposed(change.entryType(), ConfChangeCodec.encode(change)))));
    }

    ConfState apply(ConfChangeType type, long member) {
        return raft.membership().apply(change(type, member));
    }

    Progress progress(long member) {
        return raft.tracker().progress(member).orElseThrow();
    }

    /** What the core has to say to others; what it says to itself is heard. */
    List<Message> messages() {
        var others = new ArrayList<Message>();
        while (!raft.outbox().isEmpty()) {
            var all = new ArrayList<Message>(raft.outbox().takeImmediate());
            all.addAll(raft.outbox().takeAfterAppend());
            for (Message message : all) {
                if (message.to() == id()) {
                    raft.step(message);
                } else {
                    others.add(message);
                }
            }
        }
        return others;
    }

    <T extends Message> List<T> messages(Class<T> kind) {
        return messages().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** Candidate, with its own vote, at the next term. */
    TestNode candidate() {
        campaign();
        messages();
        return this;
    }

    /** Leader at the next term, its messages dropped. */
    TestNode leader() {
        raft.becomeCandidate();
        raft.becomeLeader();
        messages();
        return this;
    }

    TestNode follower(long term, long leader) {
        raft.becomeFollower(term, leader);
        return this;
    }

    /** Writes the unstable log to storage. */
    TestNode save() {
        List<Entry> entries = raft.log().unstable().nextEntries();
        storage.append(entries);
        raft.log().unstable().acceptInProgress();
        if (!entries.isEmpty()) {
            raft.log().unstable().stableTo(entries.getLast().id());
        }
        return this;
    }

    /** Takes and applies what is committed. */
    List<Entry> applyCommitted() {
        List<Entry> committed = raft.log().nextCommitted(true);
        if (!committed.isEmpty()) {
            raft.log().acceptApplying(committed.getLast().index(), Entry.encodedBytes(committed),
                    true);
            raft.step(new LocalEvent.StorageApplied(committed));
        }
        return committed;
    }

    List<Entry> log() {
        try {
            return raft.log().entries(raft.log().firstIndex(), Long.MAX_VALUE);
        } catch (CompactedException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    List<Long> logTerms() {
        return log().stream().map(Entry::term).toList();
    }

    long committed() {
        return raft.log().committed();
    }
}
