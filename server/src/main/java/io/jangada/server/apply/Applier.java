// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import io.jangada.api.etcd.AlarmMember;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AlarmResponse;
import io.jangada.api.etcd.AlarmType;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.CompactionResponse;
import io.jangada.api.etcd.CorruptCheck;
import io.jangada.api.etcd.CorruptReport;
import io.jangada.api.etcd.EmptyResponse;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrantResponse;
import io.jangada.api.etcd.LeaseRevokeResponse;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.membership.ClusterMemberAttrSetRequest;
import io.jangada.api.membership.Member;
import io.jangada.mvcc.ApplyBatch;
import io.jangada.mvcc.CompactedException;
import io.jangada.mvcc.FutureRevisionException;
import io.jangada.mvcc.LeaseExistsException;
import io.jangada.mvcc.LeaseNotFoundException;
import io.jangada.mvcc.MvccException;
import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.WriteTxn;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.EntryId;
import io.jangada.raftnode.AppliedState;
import io.jangada.raftnode.Command;
import io.jangada.raftnode.StateMachine;
import io.jangada.raftnode.StateSnapshot;
import io.jangada.server.auth.AuthOutcome;
import io.jangada.server.auth.AuthStore;
import io.jangada.server.error.EtcdError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * The replicated state machine: what each entry does to the store. A function of state and entry alone;
 * a request that makes no sense has the same refusal as its result on every member (law 9).
 *
 * <p>Each batch of entries is one batch of the store, with the applied state in it. Apply loop, but for
 * the snapshots it makes.
 */
public final class Applier implements StateMachine<ApplyResult> {
    static final ByteString APPLIED = ByteString.copyFromUtf8("applied");
    private static final long LEASE_TTL_SECONDS_MAX = 9_000_000_000L;

    private final MvccStore store;
    private final List<Member> initialMembers;
    private final ApplyObserver observer;
    private final AuthStore auth;
    private AppliedState applied = AppliedState.NONE;
    /** Whether an alarm for want of space is raised; what the store remembers, at hand for each put. */
    private boolean isFull;
    /** Whether an alarm is raised because members hold different states; as above. */
    private boolean isCorrupt;
    /** Whether the entry just applied is the last of its batch: what is hashed is the state after it. */
    private boolean endsBatch;

    /**
     * A machine on {@code store}, which it does not close.
     *
     * @param initialMembers whom a new cluster begins with; the same on all of them
     * @param observer told of what matters outside the store
     */
    public Applier(MvccStore store, List<Member> initialMembers, ApplyObserver observer) {
        this(store, initialMembers, observer, new AuthStore());
    }

    /**
     * The same, with users and roles that others look at too.
     *
     * @param auth belongs to this machine from now on
     */
    public Applier(MvccStore store, List<Member> initialMembers, ApplyObserver observer,
            AuthStore auth) {
        this.store = store;
        this.initialMembers = List.copyOf(initialMembers);
        this.observer = observer;
        this.auth = auth;
    }

    /** How far the log is applied in {@code view}. */
    public static AppliedState applied(ReadView view) {
        return view.meta(APPLIED).map(AppliedRecord::decode).orElse(AppliedState.NONE);
    }

    @Override
    public AppliedState recover() {
        applied = store.meta(APPLIED).map(AppliedRecord::decode).orElse(AppliedState.NONE);
        recoverFromStore();
        return applied;
    }

    private void recoverFromStore() {
        try (ReadView view = store.view()) {
            auth.recover(view);
            observer.alarms(look(Members.alarms(view)));
        }
    }

    private List<AlarmMember> look(List<AlarmMember> raised) {
        isFull = raised.stream().anyMatch(alarm -> alarm.getAlarm() == AlarmType.NOSPACE);
        isCorrupt = raised.stream().anyMatch(alarm -> alarm.getAlarm() == AlarmType.CORRUPT);
        return raised;
    }

    @Override
    public void initialize(AppliedState first) {
        ApplyBatch batch = store.beginBatch();
        initialMembers.forEach(member -> Members.put(batch, member));
        commit(batch, first);
    }

    @Override
    public List<ApplyResult> apply(List<Command> commands) {
        List<ApplyResult> results = new ArrayList<>(commands.size());
        for (int begin = 0; begin < commands.size();) {
            begin += applyBatch(commands.subList(begin, commands.size()), results);
        }
        return results;
    }

    /** Applies the first of {@code commands}, as many as go together; returns how many. */
    private int applyBatch(List<Command> commands, List<ApplyResult> results) {
        List<Runnable> effects = new ArrayList<>();
        ApplyBatch batch = store.beginBatch();
        int count = 0;
        endsBatch = false;
        while (count < commands.size() && !endsBatch) {
            results.add(apply(batch, commands.get(count), effects));
            count++;
        }
        commit(batch, new AppliedState(commands.get(count - 1).id(), applied.confState()));
        effects.forEach(Runnable::run);
        return count;
    }

    private void commit(ApplyBatch batch, AppliedState state) {
        batch.putMeta(APPLIED, AppliedRecord.encode(state));
        auth.publish(); // First: what becomes visible now is read by the rules of now.
        batch.commit();
        applied = state;
    }

    private ApplyResult apply(ApplyBatch batch, Command command, List<Runnable> effects) {
        try {
            InternalRaftRequest request = InternalRaftRequest
                    .parseFrom(command.data().asByteBuffer());
            long term = request.getHeader().getTerm();
            if (term != 0 && term != command.id().term()) {
                return new ApplyResult.Rejected(EtcdError.LEADER_CHANGED);
            }
            auth.refusal(batch, request).ifPresent(refusal -> {
                throw new RequestRejected(refusal);
            });
            MessageLite response = auth.apply(batch, request, command.id().index(), effects)
                    .map(Applier::response)
                    .orElseGet(() -> dispatch(batch, command.id(), request, effects));
            return new ApplyResult.Done(response, batch.revision());
        } catch (RequestRejected rejected) {
            return new ApplyResult.Rejected(rejected.error());
        } catch (MvccException refused) {
            return new ApplyResult.Rejected(error(refused));
        } catch (InvalidProtocolBufferException malformed) {
            return new ApplyResult.Rejected(EtcdError.NOT_CAPABLE);
        }
    }

    private static MessageLite response(AuthOutcome outcome) {
        return switch (outcome) {
            case AuthOutcome.Done done -> done.response();
            case AuthOutcome.Refused refused -> throw new RequestRejected(refused.error());
        };
    }

    /** The refusal that {@code refused} means to a client. */
    public static EtcdError error(MvccException refused) {
        return switch (refused) {
            case CompactedException ignored -> EtcdError.COMPACTED;
            case FutureRevisionException ignored -> EtcdError.FUTURE_REVISION;
            case LeaseNotFoundException ignored -> EtcdError.LEASE_NOT_FOUND;
            case LeaseExistsException ignored -> EtcdError.LEASE_EXISTS;
        };
    }

    private MessageLite dispatch(ApplyBatch batch, EntryId entry, InternalRaftRequest request,
            List<Runnable> effects) {
        if (isCorrupt && isRefusedWhenCorrupt(request)) {
            throw new RequestRejected(EtcdError.CORRUPT);
        }
        if (request.hasPut()) {
            rejectWhenFull();
            return inTxn(batch, txn -> txns(batch, txn).put(request.getPut()));
        }
        if (request.hasTxn()) {
            if (writes(request.getTxn())) {
                rejectWhenFull();
            }
            return inTxn(batch, txn -> txns(batch, txn).txn(request.getTxn()));
        }
        if (request.hasDeleteRange()) {
            return inTxn(batch, txn -> txns(batch, txn).deleteRange(request.getDeleteRange()));
        }
        if (request.hasCompaction()) {
            return compact(batch, request.getCompaction(), effects);
        }
        if (request.hasLeaseGrant()) {
            rejectWhenFull();
            return grant(batch, request.getLeaseGrant(), effects);
        }
        if (request.hasLeaseRevoke()) {
            long id = request.getLeaseRevoke().getID();
            inTxn(batch, txn -> txn.revokeLease(id));
            effects.add(() -> observer.leaseRevoked(id));
            return LeaseRevokeResponse.getDefaultInstance();
        }
        if (request.hasAlarm()) {
            return alarm(batch, request.getAlarm(), effects);
        }
        if (request.hasCorruptCheck()) {
            return check(batch, entry.index(), request.getCorruptCheck(), effects);
        }
        if (request.hasCorruptReport()) {
            return report(batch, request.getCorruptReport(), effects);
        }
        if (request.hasClusterMemberAttrSet()) {
            ClusterMemberAttrSetRequest set = request.getClusterMemberAttrSet();
            Members.publish(batch, set.getMemberID(), set.getMemberAttributes());
            return EmptyResponse.getDefaultInstance();
        }
        throw new RequestRejected(EtcdError.NOT_CAPABLE);
    }

    /* etcd: applierV3Corrupt. */
    private static boolean isRefusedWhenCorrupt(InternalRaftRequest request) {
        return request.hasPut() || request.hasTxn() || request.hasDeleteRange()
                || request.hasCompaction() || request.hasLeaseGrant() || request.hasLeaseRevoke();
    }

    private static TxnApplier txns(ApplyBatch batch, WriteTxn txn) {
        return new TxnApplier(txn, batch.compactRevision());
    }

    private static <T> T inTxn(ApplyBatch batch, Function<WriteTxn, T> work) {
        WriteTxn txn = batch.begin();
        T result;
        try {
            result = work.apply(txn);
        } catch (RequestRejected | MvccException refused) {
            txn.rollback();
            throw refused;
        }
        txn.commit();
        return result;
    }

    private void rejectWhenFull() {
        if (isFull) {
            throw new RequestRejected(EtcdError.NO_SPACE);
        }
    }

    /** Whether a transaction may take space (etcd: quota cost above 0). */
    public static boolean writes(TxnRequest txn) {
        return writes(txn.getSuccessList()) || writes(txn.getFailureList());
    }

    private static boolean writes(List<RequestOp> ops) {
        return ops.stream().anyMatch(op -> op.hasRequestPut()
                || (op.hasRequestTxn() && writes(op.getRequestTxn())));
    }

    private CompactionResponse compact(ApplyBatch batch, CompactionRequest request,
            List<Runnable> effects) {
        batch.compact(request.getRevision());
        effects.add(() -> observer.compacted(request.getRevision()));
        return CompactionResponse.getDefaultInstance();
    }

    private LeaseGrantResponse grant(ApplyBatch batch, LeaseGrantRequest request,
            List<Runnable> effects) {
        long id = request.getID();
        long ttlSeconds = request.getTTL();
        if (id == 0) {
            throw new RequestRejected(EtcdError.LEASE_NOT_FOUND);
        }
        if (ttlSeconds > LEASE_TTL_SECONDS_MAX) {
            throw new RequestRejected(EtcdError.LEASE_TTL_TOO_LARGE);
        }
        inTxn(batch, txn -> {
            txn.grantLease(id, ttlSeconds);
            return id;
        });
        effects.add(() -> observer.leaseGranted(id, ttlSeconds));
        return LeaseGrantResponse.newBuilder().setID(id).setTTL(ttlSeconds).build();
    }

    private MessageLite check(ApplyBatch batch, long index, CorruptCheck check,
            List<Runnable> effects) {
        HashChecks.begin(batch, index, check);
        endsBatch = true;
        effects.add(() -> observer.checkAsked(index, check));
        return CorruptReport.newBuilder().setCheck(index).build();
    }

    /* Whoever holds something else than a majority of the voters is named; where there is no majority for
     * anything, the cluster is, by the id 0 (etcd: CompactHashCheck). */
    private MessageLite report(ApplyBatch batch, CorruptReport report, List<Runnable> effects) {
        CorruptCheck check = HashChecks.check(batch, report)
                .filter(known -> report.getHashesCount() <= HashChecks.HASHES_MAX)
                .orElseThrow(() -> new RequestRejected(EtcdError.NOT_CAPABLE));
        List<CorruptReport> reports = HashChecks.add(batch, report);
        if (!check.getWithoutAlarm()) {
            HashTally tally = HashTally.of(check.getSubject(), reports,
                    Set.copyOf(applied.confState().voters()));
            tally.differing().forEach(member -> Members.raise(batch, corrupt(member)));
            if (tally.isSplit()) {
                Members.raise(batch, corrupt(0));
            }
            reports.stream().filter(CorruptReport::getRebuilt)
                    .map(CorruptReport::getMemberID).filter(tally.agreeing()::contains)
                    .forEach(member -> Members.lower(batch, corrupt(member)));
            List<AlarmMember> raised = look(Members.alarms(batch));
            effects.add(() -> observer.alarms(raised));
        }
        effects.add(() -> observer.checkReported(report.getCheck()));
        return EmptyResponse.getDefaultInstance();
    }

    private static AlarmMember corrupt(long member) {
        return AlarmMember.newBuilder().setMemberID(member).setAlarm(AlarmType.CORRUPT).build();
    }

    private AlarmResponse alarm(ApplyBatch batch, AlarmRequest request,
            List<Runnable> effects) {
        AlarmResponse.Builder response = AlarmResponse.newBuilder();
        AlarmMember named = AlarmMember.newBuilder().setMemberID(request.getMemberID())
                .setAlarm(request.getAlarm()).build();
        switch (request.getAction()) {
            case GET -> Members.alarms(batch).stream().filter(
                    alarm -> request.getAlarm() == AlarmType.NONE
                            || alarm.getAlarm() == request.getAlarm())
                    .forEach(response::addAlarms);
            case ACTIVATE -> {
                Members.raise(batch, named);
                response.addAlarms(named);
            }
            case DEACTIVATE -> {
                if (Members.alarms(batch).contains(named)) {
                    Members.lower(batch, named);
                    response.addAlarms(named);
                }
            }
            case UNRECOGNIZED -> {
            }
        }
        List<AlarmMember> raised = look(Members.alarms(batch));
        effects.add(() -> observer.alarms(raised));
        return response.build();
    }

    @Override
    public void applyConfChange(EntryId id, ConfChange change, ConfState result) {
        ApplyBatch batch = store.beginBatch();
        MemberChanges.apply(batch, change, result);
        List<AlarmMember> raised = look(Members.alarms(batch));
        commit(batch, new AppliedState(id, result));
        observer.alarms(raised);
    }

    @Override
    public StateSnapshot snapshot() {
        return new StoreSnapshot(store, store.view(), applied);
    }

    @Override
    public void restore(AppliedState at, InputStream in) throws IOException {
        store.restore(in);
        recoverFromStore();
        ApplyBatch batch = store.beginBatch();
        commit(batch, at);
        store.persist();
        observer.restored();
    }

    private record StoreSnapshot(MvccStore store, ReadView view, AppliedState at)
            implements
                StateSnapshot {
        @Override
        public boolean persist() {
            store.persist();
            return true;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            view.writeTo(out);
        }

        @Override
        public void close() {
            view.close();
        }
    }
}
