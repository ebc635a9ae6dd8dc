// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.HashKVRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.RangeRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The stream of requests of one seed, in two phases: without authentication and with it. Used by one thread. */
final class Workload {
    /** Between two changes of the watchers. */
    private static final int ROUND_REQUESTS = 100;
    private static final int READS_AT_ONCE_MAX = 8;

    private final Duel duel;
    private final Draw draw;
    private final KvRequests kv;
    private final TxnRequests txns;
    private final LeaseRequests leases;
    private final AuthRequests auth;

    Workload(Duel duel, long seed) {
        this.duel = duel;
        draw = new Draw(seed, duel);
        kv = new KvRequests(draw);
        txns = new TxnRequests(draw, kv, duel);
        leases = new LeaseRequests(draw);
        auth = new AuthRequests(draw);
    }

    /** Everybody may everything, and watches; until {@code requests} have been asked. Returns the count of events. */
    int open(int requests) {
        Watchers watchers = new Watchers(duel, draw, "");
        while (duel.asked() < requests) {
            int end = Math.min(requests, duel.asked() + ROUND_REQUESTS);
            while (duel.asked() < end) {
                step();
            }
            watchers.settle();
            if (draw.oneIn(3)) {
                compact();
            }
            watchers.change();
        }
        watchers.close();
        return watchers.events();
    }

    private void step() {
        switch (draw.below(20)) {
            case 0, 1, 2, 3, 4 -> duel.ask(kv.putCall());
            case 5, 6 -> duel.ask(kv.deleteCall());
            case 7, 8, 9, 10, 11 -> duel.ask(txns.txnCall());
            case 12, 13 -> duel.ask(leases.change());
            case 14 -> {
                if (draw.oneIn(2)) {
                    duel.ask(leases.keepAlive());
                } else {
                    leases.shortLived().forEach(duel::ask);
                }
            }
            default -> duel.askAll(reads());
        }
    }

    private List<Call> reads() {
        List<Call> reads = new ArrayList<>();
        for (int left = 1 + draw.below(READS_AT_ONCE_MAX); left > 0; left--) {
            reads.add(draw.oneIn(8) ? leases.read() : kv.rangeCall());
        }
        return reads;
    }

    /* Physical, so that nothing of it goes on while hashes are compared. */
    private void compact() {
        long revision = switch (draw.below(6)) {
            case 0 -> duel.compacted();
            case 1 -> duel.revision() + 1;
            case 2 -> duel.revision();
            default -> Math.max(0, duel.revision() - draw.below(40));
        };
        duel.ask(Call.of(KVGrpc.getCompactMethod(), CompactionRequest.newBuilder()
                .setRevision(revision).setPhysical(true).build()));
        duel.ask(hash(0));
        duel.ask(hash(draw.revision()));
    }

    private static Call hash(long revision) {
        return Call.of(MaintenanceGrpc.getHashKVMethod(),
                HashKVRequest.newBuilder().setRevision(revision).build());
    }

    /** Users who may little, and one who changes what they may; for {@code requests}. */
    void guarded(int requests) {
        auth.beginning().forEach(duel::ask);
        int end = duel.asked() + requests;
        while (duel.asked() < end) {
            switch (draw.below(10)) {
                case 0, 1 -> duel.ask(auth.change());
                case 2 -> duel.ask(auth.login());
                case 3 -> duel.ask(auth.read());
                case 4 -> duel.ask(kv.putCall().by(auth.caller()));
                case 5 -> duel.ask(withKeys(kv.deleteCall()).by(auth.caller()));
                case 6 -> duel.ask(guardedTxn());
                case 7 -> duel.ask(draw.oneIn(3)
                        ? leases.keepAlive().by(AuthRequests.ROOT)
                        : leases.change().by(auth.user()));
                case 8 -> duel.ask((draw.oneIn(2) ? hash(0) : leases.read()).by(auth.caller()));
                default -> duel.askAll(Stream.generate(kv::rangeCall).limit(3)
                        .map(call -> withKeys(call).by(auth.caller())).toList());
            }
        }
        auth.end().forEach(duel::ask);
        duel.ask(hash(0));
    }

    /* 3.4 looks neither into nested ones nor at the other keys of a put's lease, and would carry out what Jangada refuses. */
    private Call guardedTxn() {
        Call txn = withKeys(txns.txnCall());
        String text = txn.toString();
        return txn.by(text.contains("request_txn") || text.contains(" lease: ")
                ? AuthRequests.ROOT
                : auth.caller());
    }

    /* Ranges that have no keys become single keys: KnownDifference.RANGES_OF_NO_KEYS. */
    private static Call withKeys(Call call) {
        return new Call(call.method(), Normal.deep(call.request(), message -> switch (message) {
            case RangeRequest range -> isProper(range.getKey(), range.getRangeEnd())
                    ? range
                    : range.toBuilder().clearRangeEnd().build();
            case DeleteRangeRequest delete -> isProper(delete.getKey(), delete.getRangeEnd())
                    ? delete
                    : delete.toBuilder().clearRangeEnd().build();
            case Compare compare -> isProper(compare.getKey(), compare.getRangeEnd())
                    ? compare
                    : compare.toBuilder().clearRangeEnd().build();
            default -> message;
        }), call.caller());
    }

    private static boolean isProper(ByteString key, ByteString end) {
        return end.equals(Draw.ZERO)
                || ByteString.unsignedLexicographicalComparator().compare(key, end) < 0;
    }
}
