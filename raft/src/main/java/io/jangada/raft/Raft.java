// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.HardState;
import io.jangada.raft.model.Invariant;
import io.jangada.raft.model.InvariantViolation;
import io.jangada.raft.model.Message;
import io.jangada.raft.quorum.VoteResult;
import io.jangada.raft.storage.Storage;
import io.jangada.raft.tracker.Progress;
import io.jangada.raft.tracker.ProgressTracker;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The protocol: stepped by messages, local events and ticks, it changes its log and its state, and
 * leaves messages in its outbox (Raft thesis 3; etcd raft: raft). No thread, clock, file or logger.
 *
 * <p>Checks terms here, and leaves the rest to the {@link Role}. Owned by one thread.
 */
final class Raft {
    private final RaftConfig config;
    private final RaftLog log;
    private final ProgressTracker tracker;
    private final Outbox outbox;
    private final Election election;
    private final Replicator replicator;
    private final Membership membership;
    private final TermRules termRules;
    private final Lease lease;
    private final StorageEvents storageEvents;
    private final ForwardedReads forwardedReads;
    private final TransferRequests transferRequests;
    private final List<ReadState> readStates = new ArrayList<>();
    private final List<DroppedRead> droppedReads = new ArrayList<>();
    private long term;
    private long vote;
    private long leader;
    private boolean abstains;
    /** While this abstains: up to which the present term's leader has shown its log since. */
    private long shownIndex;
    private Role role;

    /**
     * Goes on where {@code config.storage()} ends.
     *
     * @throws InvariantViolation if the storage contradicts itself
     */
    Raft(RaftConfig config) {
        this.config = config;
        log = new RaftLog(config.storage(), config.tracer(), config.maxCommittedBytes());
        tracker = new ProgressTracker(config.maxInflightMessages(), config.maxInflightBytes());
        outbox = new Outbox(config.id());
        election = new Election(this);
        replicator = new Replicator(this);
        membership = new Membership(this);
        termRules = new TermRules(this);
        lease = new Lease(config);
        storageEvents = new StorageEvents(this);
        forwardedReads = new ForwardedReads(this);
        transferRequests = new TransferRequests(this);
        role = new Follower(this);
        load();
    }

    private void load() {
        Storage.InitialState initial = config.storage().initialState();
        membership.start(initial.confState());
        HardState saved = initial.hardState();
        if (!saved.isEmpty()) {
            Invariant.check(log.committed() <= saved.commit() && saved.commit() <= log.lastIndex(),
                    "saved commit index out of the log", saved.commit(), log.lastIndex());
            log.commitTo(saved.commit());
            term = saved.term();
            vote = saved.vote();
        }
        if (config.appliedIndex() > 0) {
            log.appliedTo(config.appliedIndex(), 0);
        }
        becomeFollower(term, 0);
        tracer().started(tracker.config(), term, log.committed(), log.applied(), log.last());
    }

    RaftConfig config() {
        return config;
    }

    long id() {
        return config.id();
    }

    RaftTracer tracer() {
        return config.tracer();
    }

    RaftLog log() {
        return log;
    }

    ProgressTracker tracker() {
        return tracker;
    }

    Outbox outbox() {
        return outbox;
    }

    Election election() {
        return election;
    }

    Replicator replicator() {
        return replicator;
    }

    Membership membership() {
        return membership;
    }

    Lease lease() {
        return lease;
    }

    StorageEvents storageEvents() {
        return storageEvents;
    }

    ForwardedReads forwardedReads() {
        return forwardedReads;
    }

    TransferRequests transferRequests() {
        return transferRequests;
    }

    long term() {
        return term;
    }

    long vote() {
        return vote;
    }

    long leader() {
        return leader;
    }

    Role role() {
        return role;
    }

    RoleName roleName() {
        return role.name();
    }

    List<ReadState> readStates() {
        return readStates;
    }

    List<DroppedRead> droppedReads() {
        return droppedReads;
    }

    @Nullable
    Progress progress(long id) {
        return tracker.progress(id).orElse(null);
    }

    long transferTarget() {
        return role instanceof Leader leading ? leading.transfer().target() : 0;
    }

    /** How many reads heartbeats ask to confirm; 0 if none waits. */
    long readPosition() {
        return role instanceof Leader leading ? leading.reads().position() : 0;
    }

    /** Whether an entry of the current term is committed (Raft thesis 6.4). */
    boolean hasCommittedInTerm() {
        return log.termOrZero(log.committed()) == term;
    }

    /** Whether this member is a voter that may campaign: it does not abstain, and no snapshot is to be written. */
    boolean isPromotable() {
        Progress own = progress(id());
        return own != null && !own.isLearner() && !abstains && log.unstable().snapshot().isEmpty()
                && !storageEvents.isStalled();
    }

    // Changes of role.

    void becomeFollower(long newTerm, long newLeader) {
        reset(newTerm);
        role = new Follower(this);
        setLeader(newLeader);
        tracer().becameFollower(term);
    }

    /** Term, vote, timer and progress stay as they are: asking commits to nothing. */
    void becomePreCandidate() {
        Invariant.check(roleName() != RoleName.LEADER, "a leader campaigns", id(), term);
        tracker.resetVotes();
        setLeader(0);
        role = new Candidate(this, VoteKind.PRE_VOTE);
        tracer().becamePreCandidate(term);
    }

    void becomeCandidate() {
        Invariant.check(roleName() != RoleName.LEADER, "a leader campaigns", id(), term);
        reset(term + 1);
        vote = id();
        role = new Candidate(this, VoteKind.VOTE);
        tracer().becameCandidate(term);
    }

    /** Begins with an empty entry: earlier terms' entries are committed through it (thesis 6.4). */
    void becomeLeader() {
        Invariant.check(roleName() == RoleName.CANDIDATE, "only a candidate can win", id(), term);
        reset(term);
        var leading = new Leader(this);
        role = leading;
        setLeader(id());
        Progress own = progress(id());
        if (own != null) {
            own.becomeReplicate();
            own.setRecentActive(true);
        }
        boolean appended = leading.proposals().append(List.of(
                Entry.proposed(EntryType.NORMAL, Bytes.EMPTY)));
        Invariant.check(appended, "a leader's first entry was refused", id(), term);
        tracer().becameLeader(term);
        replicator.broadcastAppend(Replicator.Empty.SEND);
    }

    private void reset(long newTerm) {
        if (role instanceof Leader leading) {
            leading.reads().drop();
        }
        if (term != newTerm) {
            term = newTerm;
            vote = 0;
            shownIndex = 0;
        }
        setLeader(0);
        election.drawTimeout();
        tracker.resetVotes();
        tracker.resetProgress(log.lastIndex(), id());
    }

    /** Whether this member gives no vote, not to itself either. */
    boolean abstains() {
        return abstains;
    }

    private void abstain(boolean now) {
        abstains = now;
        shownIndex = 0;
        if (now && roleName() != RoleName.FOLLOWER) {
            becomeFollower(term, 0);
        }
    }

    void voteFor(long candidate) {
        vote = candidate;
    }

    void forgetLeader() {
        setLeader(0);
    }

    /**
     * A message from this term's leader has come. Whoever abstains may have forgotten its vote in this
     * term: that it was for the leader is safe to say, and keeps it from electing another one later.
     */
    void heardFrom(long from) {
        if (abstains && vote == 0) {
            vote = from;
        }
        election.restartTimer();
        lease.heardLeader();
        setLeader(from);
    }

    /** The log is that of the present term's leader up to {@code index}. */
    void shown(long index) {
        if (abstains) {
            shownIndex = Math.max(shownIndex, index);
        }
    }

    /**
     * How far a heartbeat commits. The leader knows what this member has acknowledged; whoever abstains may have another log
     * by now, and can trust only what it has been shown since.
     */
    long committedBy(Message.Heartbeat heartbeat) {
        return abstains ? Math.min(heartbeat.commit(), shownIndex) : heartbeat.commit();
    }

    private void setLeader(long known) {
        if (leader != known) {
            leader = known;
            forwardedReads.leaderChanged();
            if (known != 0) {
                transferRequests.leaderKnown(known);
            }
        }
    }

    // Input.

    void tick() {
        forwardedReads.tick();
        transferRequests.tick();
        role.tick();
    }

    StepOutcome step(Message message) {
        String flaw = MessageCheck.flaw(message, id());
        if (flaw != null) {
            return malformed(message, flaw);
        }
        return termRules.accept(message) ? dispatch(message) : StepOutcome.ACCEPTED;
    }

    private StepOutcome dispatch(Message message) {
        switch (message) {
            case Message.Propose m -> {
                return stepOutcome(role.propose(m));
            }
            case Message.AppendRequest m -> {
                return role.handleAppend(m);
            }
            case Message.AppendResponse m -> {
                return role.handleAppendResponse(m);
            }
            case Message.AppendReject m -> {
                return role.handleAppendReject(m);
            }
            case Message.VoteRequest m -> election.handleRequest(VoteKind.VOTE, m.from(), m.term(),
                    m.last());
            case Message.VoteResponse m -> role.handleVote(VoteKind.VOTE, m.from(), m.granted());
            case Message.PreVoteRequest m -> election.handleRequest(VoteKind.PRE_VOTE, m.from(),
                    m.term(), m.last());
            case Message.PreVoteResponse m -> role.handleVote(VoteKind.PRE_VOTE, m.from(),
                    m.granted());
            case Message.InstallSnapshot m -> {
                return role.handleSnapshot(m);
            }
            case Message.Heartbeat m -> {
                return role.handleHeartbeat(m);
            }
            case Message.HeartbeatResponse m -> {
                return role.handleHeartbeatResponse(m);
            }
            case Message.ReadIndexRequest m -> {
                return stepOutcome(role.readIndex(m.from(), m.context()));
            }
            case Message.ReadIndexResponse m -> {
                return role.handleReadIndexResponse(m);
            }
            case Message.TransferLeader m -> {
                return stepOutcome(role.transferTo(m.from()));
            }
            case Message.TimeoutNow m -> {
                return role.handleTimeoutNow(m);
            }
        }
        return StepOutcome.ACCEPTED;
    }

    private static StepOutcome stepOutcome(ProposeOutcome outcome) {
        return switch (outcome) {
            case ProposeOutcome.Appended ignored -> StepOutcome.ACCEPTED;
            case ProposeOutcome.Forwarded ignored -> StepOutcome.ACCEPTED;
            case ProposeOutcome.Dropped dropped -> new StepOutcome.Dropped(dropped.reason());
        };
    }

    private static StepOutcome stepOutcome(ReadOutcome outcome) {
        return switch (outcome) {
            case ReadOutcome.Accepted ignored -> StepOutcome.ACCEPTED;
            case ReadOutcome.Dropped dropped -> new StepOutcome.Dropped(dropped.reason());
        };
    }

    private static StepOutcome stepOutcome(TransferOutcome outcome) {
        return switch (outcome) {
            case TransferOutcome.Accepted ignored -> StepOutcome.ACCEPTED;
            case TransferOutcome.Dropped dropped -> new StepOutcome.Dropped(dropped.reason());
        };
    }

    /** What this process has to say. */
    void step(LocalEvent event) {
        switch (event) {
            case LocalEvent.Released released -> {
                var ignored = step(released.response());
            }
            case LocalEvent.StorageAppended appended -> storageEvents.handleAppended(appended);
            case LocalEvent.StorageApplied applied -> storageEvents
                    .handleApplied(applied.entries());
            case LocalEvent.Unreachable unreachable -> role.handleUnreachable(unreachable.peer());
            case LocalEvent.SnapshotReport report -> role.handleSnapshotReport(report.peer(),
                    report.delivered());
            case LocalEvent.Campaign ignored -> election.start(Election.Cause.TIMEOUT);
            case LocalEvent.ForgetLeader ignored -> role.forgetLeader();
            case LocalEvent.Abstain(boolean now) -> abstain(now);
            case LocalEvent.PeerForgot(long peer) -> role.handlePeerForgot(peer);
        }
    }

    // For the roles.

    ProposeOutcome propose(Message.Propose proposal) {
        return role.propose(proposal);
    }

    ProposeOutcome dropProposal(DropReason reason) {
        tracer().proposalDropped(reason, leader, term);
        return new ProposeOutcome.Dropped(reason, leader);
    }

    StepOutcome malformed(Message message, String flaw) {
        tracer().malformedDropped(message, flaw);
        return new StepOutcome.Malformed(flaw);
    }

    StepOutcome progressMissing(long from) {
        tracer().progressMissing(from);
        return StepOutcome.ACCEPTED;
    }

    VoteResult countVote(VoteKind kind, long from, boolean granted) {
        tracker.recordVote(from, granted);
        var tally = tracker.tally();
        tracer().votesCounted(kind, tally.granted(), tally.rejected());
        return tally.result();
    }

    void addReadState(ReadState state) {
        readStates.add(state);
    }

    void addDroppedRead(DroppedRead read) {
        droppedReads.add(read);
    }

    HardState hardState() {
        return new HardState(term, vote, log.committed());
    }

    BasicStatus basicStatus() {
        return new BasicStatus(id(), hardState(), new SoftState(leader, roleName()), log.applied(),
                log.last(), transferTarget());
    }

    /** The last entry of the log if part of it is unstable, else {@link EntryId#ZERO}. */
    EntryId lastIfUnstable() {
        return log.unstable().count() > 0 ? log.last() : EntryId.ZERO;
    }
}
