// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.jangada.api.election.CampaignRequest;
import io.jangada.api.election.LeaderKey;
import io.jangada.api.election.LeaderRequest;
import io.jangada.api.election.ProclaimRequest;
import io.jangada.api.election.ResignRequest;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.LeaseTimeToLiveRequest;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.lock.LockRequest;
import io.jangada.api.lock.UnlockRequest;
import io.jangada.mvcc.KeyRange;
import io.jangada.server.auth.Need.Mode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Every place in a request where keys can be, written down a second time, from the specification. */
final class Places {
    /** Where only the lease is looked at: the lease to which exactly the given key is attached. */
    static final long LEASE = 77;

    /**
     * A place.
     *
     * @param method that has such requests
     * @param name of the place
     * @param modes what is done to the keys there
     * @param shape which keys can be there
     * @param request with those keys there, and otherwise only what the role of the test may
     */
    record Place(String method, String name, Set<Mode> modes, Shape shape,
            Function<KeyRange, Message> request) {
        @Override
        public String toString() {
            return method + " " + name;
        }
    }

    /** What a place can name. */
    enum Shape {
        /** A range. */
        RANGE,
        /** One key. */
        KEY,
        /** The keys of a lease. */
        LEASE,
        /** All below a name. */
        NAME
    }

    private static final ByteString OWN = ByteString.copyFromUtf8("rw");

    private final List<Place> all = new ArrayList<>();

    private Places() {}

    static List<Place> all() {
        Places places = new Places();
        places.ofKv();
        places.ofTransactions();
        places.ofLeases();
        places.ofConcurrency();
        return places.all;
    }

    private void add(String method, String name, Set<Mode> modes, Shape shape,
            Function<KeyRange, Message> request) {
        all.add(new Place(method, name, modes, shape, request));
    }

    private static RangeRequest range(KeyRange at) {
        return RangeRequest.newBuilder().setKey(at.key()).setRangeEnd(at.rangeEnd()).build();
    }

    private static DeleteRangeRequest delete(KeyRange at, boolean previous) {
        return DeleteRangeRequest.newBuilder().setKey(at.key()).setRangeEnd(at.rangeEnd())
                .setPrevKv(previous).build();
    }

    private static PutRequest put(KeyRange at, boolean previous) {
        return PutRequest.newBuilder().setKey(at.key()).setPrevKv(previous).build();
    }

    private static final PutRequest PUT_WITH_LEASE = PutRequest.newBuilder().setKey(OWN)
            .setLease(LEASE).build();
    private static final Set<Mode> READ = EnumSet.of(Mode.READ);
    private static final Set<Mode> WRITE = EnumSet.of(Mode.WRITE);
    private static final Set<Mode> BOTH = EnumSet.allOf(Mode.class);

    private void ofKv() {
        String kv = "etcdserverpb.KV/";
        add(kv + "Range", "key", READ, Shape.RANGE, Places::range);
        add(kv + "RangeStream", "key", READ, Shape.RANGE, Places::range);
        add(kv + "Put", "key", WRITE, Shape.KEY, at -> put(at, false));
        add(kv + "Put", "key, prev_kv", BOTH, Shape.KEY, at -> put(at, true));
        add(kv + "Put", "lease", WRITE, Shape.LEASE, at -> PUT_WITH_LEASE);
        add(kv + "DeleteRange", "key", WRITE, Shape.RANGE, at -> delete(at, false));
        add(kv + "DeleteRange", "key, prev_kv", BOTH, Shape.RANGE, at -> delete(at, true));
        add("etcdserverpb.Watch/Watch", "key", READ, Shape.RANGE, at -> WatchRequest.newBuilder()
                .setCreateRequest(WatchCreateRequest.newBuilder().setKey(at.key())
                        .setRangeEnd(at.rangeEnd()))
                .build());
    }

    private void ofTransactions() {
        ofTransaction("", op -> TxnRequest.newBuilder().addSuccess(op).build());
        ofTransaction("failure, ", op -> TxnRequest.newBuilder().addFailure(op).build());
        ofTransaction("nested, ", op -> nest(TxnRequest.newBuilder().addSuccess(op).build()));
        ofTransaction("nested failure, ",
                op -> nest(TxnRequest.newBuilder().addFailure(op).build()));
        ofTransaction("nested twice, ",
                op -> nest(nest(TxnRequest.newBuilder().addFailure(op).build())));
        BiFunction<KeyRange, Boolean, TxnRequest> compares = (at, nested) -> {
            TxnRequest txn = TxnRequest.newBuilder().addCompare(Compare.newBuilder()
                    .setKey(at.key()).setRangeEnd(at.rangeEnd())).build();
            return nested ? nest(txn) : txn;
        };
        add("etcdserverpb.KV/Txn", "compare", READ, Shape.RANGE, at -> compares.apply(at, false));
        add("etcdserverpb.KV/Txn", "nested, compare", READ, Shape.RANGE,
                at -> compares.apply(at, true));
    }

    private static TxnRequest nest(TxnRequest inner) {
        return TxnRequest.newBuilder()
                .addFailure(RequestOp.newBuilder().setRequestTxn(inner)).build();
    }

    private void ofTransaction(String where, Function<RequestOp, Message> txn) {
        String method = "etcdserverpb.KV/Txn";
        add(method, where + "range", READ, Shape.RANGE,
                at -> txn.apply(RequestOp.newBuilder().setRequestRange(range(at)).build()));
        add(method, where + "put", WRITE, Shape.KEY,
                at -> txn.apply(RequestOp.newBuilder().setRequestPut(put(at, false)).build()));
        add(method, where + "put, prev_kv", BOTH, Shape.KEY,
                at -> txn.apply(RequestOp.newBuilder().setRequestPut(put(at, true)).build()));
        add(method, where + "put, lease", WRITE, Shape.LEASE,
                at -> txn.apply(RequestOp.newBuilder().setRequestPut(PUT_WITH_LEASE).build()));
        add(method, where + "delete", WRITE, Shape.RANGE, at -> txn
                .apply(RequestOp.newBuilder().setRequestDeleteRange(delete(at, false)).build()));
        add(method, where + "delete, prev_kv", BOTH, Shape.RANGE, at -> txn
                .apply(RequestOp.newBuilder().setRequestDeleteRange(delete(at, true)).build()));
    }

    private void ofLeases() {
        add("etcdserverpb.Lease/LeaseRevoke", "lease", WRITE, Shape.LEASE,
                at -> LeaseRevokeRequest.newBuilder().setID(LEASE).build());
        add("etcdserverpb.Lease/LeaseTimeToLive", "keys", READ, Shape.LEASE,
                at -> LeaseTimeToLiveRequest.newBuilder().setID(LEASE).setKeys(true).build());
    }

    private void ofConcurrency() {
        ByteString own = ByteString.copyFromUtf8("own");
        add("v3lockpb.Lock/Lock", "name", BOTH, Shape.NAME,
                at -> LockRequest.newBuilder().setName(at.key()).build());
        add("v3lockpb.Lock/Lock", "lease", WRITE, Shape.LEASE,
                at -> LockRequest.newBuilder().setName(own).setLease(LEASE).build());
        add("v3lockpb.Lock/Unlock", "key", WRITE, Shape.KEY,
                at -> UnlockRequest.newBuilder().setKey(at.key()).build());
        String election = "v3electionpb.Election/";
        add(election + "Campaign", "name", BOTH, Shape.NAME,
                at -> CampaignRequest.newBuilder().setName(at.key()).build());
        add(election + "Campaign", "lease", WRITE, Shape.LEASE,
                at -> CampaignRequest.newBuilder().setName(own).setLease(LEASE).build());
        add(election + "Leader", "name", READ, Shape.NAME,
                at -> LeaderRequest.newBuilder().setName(at.key()).build());
        add(election + "Observe", "name", READ, Shape.NAME,
                at -> LeaderRequest.newBuilder().setName(at.key()).build());
        add(election + "Proclaim", "key", BOTH, Shape.KEY, at -> ProclaimRequest.newBuilder()
                .setLeader(LeaderKey.newBuilder().setKey(at.key())).build());
        add(election + "Proclaim", "lease", WRITE, Shape.LEASE,
                at -> ProclaimRequest.newBuilder()
                        .setLeader(LeaderKey.newBuilder().setKey(OWN).setLease(LEASE)).build());
        add(election + "Resign", "key", BOTH, Shape.KEY, at -> ResignRequest.newBuilder()
                .setLeader(LeaderKey.newBuilder().setKey(at.key())).build());
    }
}
