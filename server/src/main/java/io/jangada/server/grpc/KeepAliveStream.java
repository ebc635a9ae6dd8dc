// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.LeaseKeepAliveRequest;
import io.jangada.api.etcd.LeaseKeepAliveResponse;
import io.jangada.server.auth.Credential;
import io.jangada.server.error.EtcdError;
import io.jangada.server.lease.LeaseKeeper;
import io.jangada.server.member.LocalMember;
import java.time.Duration;
import java.util.Optional;

/**
 * One client's stream of renewals. A renewal is tried, here or at the leader, until it is answered or the
 * request timeout is over; the stream ends after the answer to the last one. At most a window of
 * renewals is open at a time: the client's next ones wait in its own buffers.
 *
 * <p>All state belongs to the server loop, which alone writes to the client, and only while the stream
 * is open.
 */
final class KeepAliveStream implements StreamObserver<LeaseKeepAliveRequest> {
    private static final int WINDOW = 64;
    private static final long RETRY_MILLIS = 50;

    private final LocalMember member;
    private final LeaseKeeper keeper;
    private final LeaderLink link;
    private final boolean isForwarded;
    private final Credential credential = Credential.current();
    private final ServerCallStreamObserver<LeaseKeepAliveResponse> out;
    private int open;
    private boolean halfClosed;
    private boolean ended;

    /** Must be made while the call is being started. */
    KeepAliveStream(LocalMember member, LeaseKeeper keeper, LeaderLink link,
            ServerCallStreamObserver<LeaseKeepAliveResponse> out) {
        this.member = member;
        this.keeper = keeper;
        this.link = link;
        this.isForwarded = Forwarded.isCurrentCall();
        this.out = out;
        out.setOnCancelHandler(() -> member.loop().execute(() -> ended = true));
        out.disableAutoRequest();
        out.request(WINDOW);
    }

    @Override
    public void onNext(LeaseKeepAliveRequest request) {
        long attempts = member.config().requestTimeout().toMillis() / RETRY_MILLIS;
        member.loop().execute(() -> {
            open++;
            renew(request.getID(), attempts);
        });
    }

    @Override
    public void onError(Throwable canceled) {
        member.loop().execute(() -> ended = true);
    }

    @Override
    public void onCompleted() {
        member.loop().execute(() -> {
            halfClosed = true;
            completeIfDone();
        });
    }

    private void renew(long id, long attempts) {
        if (ended) {
            return;
        }
        if (member.status().isLeader()) {
            member.readIndex(() -> keeper.renew(id, seconds -> answer(id, seconds.orElse(0)),
                    () -> retry(id, attempts)), error -> refused(id, attempts, error));
            return;
        }
        Optional<LeaseGrpc.LeaseStub> leader = isForwarded
                ? Optional.empty()
                : link.leases(credential);
        leader.ifPresentOrElse(stub -> forward(stub, id, attempts), () -> retry(id, attempts));
    }

    private void forward(LeaseGrpc.LeaseStub stub, long id, long attempts) {
        StreamObserver<LeaseKeepAliveRequest> there = stub.leaseKeepAlive(new StreamObserver<>() {
            private boolean answered;

            @Override
            public void onNext(LeaseKeepAliveResponse value) {
                if (!answered) {
                    answered = true;
                    answer(id, value.getTTL());
                }
            }

            @Override
            public void onError(Throwable failure) {
                answered = answered || refusedForGood(failure);
                onCompleted();
            }

            @Override
            public void onCompleted() {
                if (!answered) {
                    answered = true;
                    retry(id, attempts);
                }
            }
        });
        there.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
        there.onCompleted();
    }

    /* The leader decides as this member did, perhaps by newer rules: asking again would not help. */
    private boolean refusedForGood(Throwable failure) {
        Optional<EtcdError> decision = Forwarded.decision(failure);
        decision.ifPresent(this::fail);
        return decision.isPresent();
    }

    private void refused(long id, long attempts, EtcdError error) {
        if (error == EtcdError.STOPPED) {
            fail(error);
        } else {
            retry(id, attempts);
        }
    }

    /* Renewing twice does no harm. A renewal that another member sent here is tried again by that one. */
    private void retry(long id, long attempts) {
        if (isForwarded) {
            fail(EtcdError.NOT_LEADER);
        } else if (attempts <= 1) {
            fail(member.status().leader() == 0 ? EtcdError.NO_LEADER : EtcdError.TIMEOUT);
        } else {
            member.loop().schedule(() -> renew(id, attempts - 1),
                    Duration.ofMillis(RETRY_MILLIS).toNanos());
        }
    }

    private void answer(long id, long seconds) {
        member.loop().execute(() -> {
            if (ended) {
                return;
            }
            open--;
            out.onNext(LeaseKeepAliveResponse.newBuilder()
                    .setHeader(member.header(member.store().revision())).setID(id).setTTL(seconds)
                    .build());
            out.request(1);
            completeIfDone();
        });
    }

    private void completeIfDone() {
        if (halfClosed && open == 0 && !ended) {
            ended = true;
            out.onCompleted();
        }
    }

    private void fail(EtcdError error) {
        member.loop().execute(() -> {
            if (!ended) {
                ended = true;
                out.onError(error.exception());
            }
        });
    }
}
