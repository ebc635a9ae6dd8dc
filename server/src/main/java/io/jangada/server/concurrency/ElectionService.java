// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.concurrency;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.election.CampaignRequest;
import io.jangada.api.election.CampaignResponse;
import io.jangada.api.election.ElectionGrpc;
import io.jangada.api.election.LeaderKey;
import io.jangada.api.election.LeaderRequest;
import io.jangada.api.election.LeaderResponse;
import io.jangada.api.election.ProclaimRequest;
import io.jangada.api.election.ProclaimResponse;
import io.jangada.api.election.ResignRequest;
import io.jangada.api.election.ResignResponse;
import io.jangada.api.etcd.TxnResponse;
import io.jangada.server.concurrency.Queues.Place;
import io.jangada.server.error.EtcdError;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * The Election service: whoever has the first key in a queue leads (etcd: v3election). Clients of etcd that
 * campaign by themselves stand in the same queues.
 */
public final class ElectionService extends ElectionGrpc.ElectionImplBase {
    private static final Status NO_LEADER = Status.UNKNOWN
            .withDescription("election: no leader");
    private static final Status NOT_LEADER = Status.UNKNOWN
            .withDescription("election: not leader");
    private static final Status NO_LEADER_KEY = Status.UNKNOWN
            .withDescription("\"leader\" field must be provided");

    private final QueueAccess queues;

    /** A service on {@code queues}. */
    public ElectionService(QueueAccess queues) {
        this.queues = queues;
    }

    @Override
    public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> out) {
        LocalKv here = queues.here();
        CompletableFuture<Place> place = Queues
                .enter(here, request.getName(), request.getLease(), request.getValue())
                .thenCompose(taken -> proclaimed(here, taken, request));
        new Waiting<>(queues, here, Queues.prefix(request.getName()),
                (taken, found) -> CampaignResponse.newBuilder()
                        .setHeader(taken.answer().getHeader())
                        .setLeader(LeaderKey.newBuilder().setName(request.getName())
                                .setKey(taken.key()).setRev(taken.revision())
                                .setLease(taken.lease()))
                        .build(),
                EtcdError.LEASE_NOT_FOUND.status(),
                (ServerCallStreamObserver<CampaignResponse>) out).begin(place);
    }

    /* Whoever campaigns again has the place that it had, and may have something else to say. */
    private static CompletableFuture<Place> proclaimed(LocalKv here, Place taken,
            CampaignRequest request) {
        return taken.value().equals(request.getValue())
                ? CompletableFuture.completedFuture(taken)
                : Queues.say(here, taken.key(), taken.revision(), taken.lease(),
                        request.getValue()).thenApply(ignored -> taken);
    }

    @Override
    public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> out) {
        if (!request.hasLeader()) {
            out.onError(NO_LEADER_KEY.asRuntimeException());
            return;
        }
        LeaderKey leader = request.getLeader();
        answer(Queues.say(queues.here(), leader.getKey(), leader.getRev(), leader.getLease(),
                request.getValue()), out, said -> {
                    if (said.getSucceeded()) {
                        out.onNext(ProclaimResponse.newBuilder().setHeader(said.getHeader())
                                .build());
                        out.onCompleted();
                    } else {
                        out.onError(NOT_LEADER.asRuntimeException());
                    }
                });
    }

    @Override
    public void resign(ResignRequest request, StreamObserver<ResignResponse> out) {
        if (!request.hasLeader()) {
            out.onError(NO_LEADER_KEY.asRuntimeException());
            return;
        }
        LeaderKey leader = request.getLeader();
        answer(Queues.leave(queues.here(), leader.getKey(), leader.getRev()), out, left -> {
            out.onNext(ResignResponse.newBuilder().setHeader(left.getHeader()).build());
            out.onCompleted();
        });
    }

    private static void answer(CompletableFuture<TxnResponse> asked, StreamObserver<?> out,
            Consumer<TxnResponse> then) {
        var ignored = asked.whenComplete((answer, failure) -> {
            if (failure != null) {
                out.onError(Waiting.cause(failure));
            } else {
                then.accept(answer);
            }
        });
    }

    @Override
    public void leader(LeaderRequest request, StreamObserver<LeaderResponse> out) {
        var ignored = queues.here().range(Queues.first(request.getName()))
                .whenComplete((found, failure) -> {
                    if (failure != null) {
                        out.onError(Waiting.cause(failure));
                    } else if (found.getKvsCount() == 0) {
                        out.onError(NO_LEADER.asRuntimeException());
                    } else {
                        out.onNext(LeaderResponse.newBuilder().setHeader(found.getHeader())
                                .setKv(found.getKvs(0)).build());
                        out.onCompleted();
                    }
                });
    }

    @Override
    public void observe(LeaderRequest request, StreamObserver<LeaderResponse> out) {
        new Observation(queues, request.getName(),
                (ServerCallStreamObserver<LeaderResponse>) out).begin();
    }
}
