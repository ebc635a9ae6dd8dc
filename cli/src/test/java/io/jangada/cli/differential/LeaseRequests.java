// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import io.jangada.api.etcd.LeaseGrantRequest;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseKeepAliveRequest;
import io.jangada.api.etcd.LeaseLeasesRequest;
import io.jangada.api.etcd.LeaseRevokeRequest;
import io.jangada.api.etcd.LeaseTimeToLiveRequest;
import java.util.List;

/** Generates what is done with leases. All have ids of the client's, and none of those in use ends by itself. */
final class LeaseRequests {
    /** Seconds; longer than any run. */
    private static final int TTL_MIN = 10_000;

    private final Draw draw;

    LeaseRequests(Draw draw) {
        this.draw = draw;
    }

    /** What changes leases. */
    Call change() {
        return switch (draw.below(5)) {
            case 0, 1, 2 -> grant(TTL_MIN + draw.below(1_000), draw.lease());
            case 3 -> revoke(draw.lease());
            default -> grant(9_000_000_000L + draw.below(3), 100 + draw.below(3));
        };
    }

    /** A lease of less than the least lifetime, and its end before it can end by itself. */
    List<Call> shortLived() {
        return List.of(grant(draw.below(4) - 2L, 77), revoke(77));
    }

    /** What asks for leases. */
    Call read() {
        return switch (draw.below(4)) {
            case 0 -> Call.of(LeaseGrpc.getLeaseLeasesMethod(),
                    LeaseLeasesRequest.getDefaultInstance());
            default -> Call.of(LeaseGrpc.getLeaseTimeToLiveMethod(), LeaseTimeToLiveRequest
                    .newBuilder().setID(draw.lease()).setKeys(draw.oneIn(2)).build());
        };
    }

    /** A sign of life. */
    Call keepAlive() {
        return Call.of(LeaseGrpc.getLeaseKeepAliveMethod(),
                LeaseKeepAliveRequest.newBuilder().setID(draw.lease()).build());
    }

    private static Call grant(long ttlSeconds, long id) {
        return Call.of(LeaseGrpc.getLeaseGrantMethod(),
                LeaseGrantRequest.newBuilder().setTTL(ttlSeconds).setID(id).build());
    }

    private static Call revoke(long id) {
        return Call.of(LeaseGrpc.getLeaseRevokeMethod(),
                LeaseRevokeRequest.newBuilder().setID(id).build());
    }
}
