// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.Bytes;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One command of a {@link Session}, which may be attempted until it has an end, and is applied once.
 * Thread-safe.
 *
 * @param <R> what the state machine answers
 */
public final class SessionCall<R> {
    private final Session<R> session;
    private final long number;
    private final Bytes command;
    /** Set by whichever attempt may have been applied without its answer coming back. */
    private final AtomicBoolean open = new AtomicBoolean();
    private final AtomicInteger attempts = new AtomicInteger();
    /** Written by the attempt that ends the call, read by any thread. */
    private volatile @Nullable SessionResult<R> ended;

    SessionCall(Session<R> session, long number, Bytes command) {
        this.session = session;
        this.number = number;
        this.command = command;
    }

    /** Attempts it through the session's own member; once it has ended, answers as it has. */
    public CompletableFuture<SessionResult<R>> propose() {
        return propose(session.node());
    }

    /** Attempts it through another member of the group; once it has ended, answers as it has. */
    public CompletableFuture<SessionResult<R>> propose(RaftNode<SessionAnswer<R>> node) {
        SessionResult<R> before = ended;
        if (before != null) {
            return CompletableFuture.completedFuture(before);
        }
        var attempt = node.propose(session.encode(number, command));
        attempts.incrementAndGet();
        return attempt.thenApply(result -> {
            boolean others = attempts.decrementAndGet() > 0;
            return result(result, others);
        });
    }

    /** Gives it up: it may have been applied, or not, and cannot be attempted any more. */
    public void abandon() {
        end(new SessionResult.Unknown<>(UnknownCause.ABANDONED, 0));
    }

    private SessionResult<R> result(ProposalResult<SessionAnswer<R>> result, boolean others) {
        return switch (result) {
            case ProposalResult.Refused<SessionAnswer<R>> refused -> new SessionResult.Refused<>(
                    refused.reason(), refused.retry(), refused.leader());
            case ProposalResult.Unknown<SessionAnswer<R>> unknown -> {
                open.set(true);
                yield new SessionResult.Unknown<>(unknown.cause(), unknown.leader());
            }
            case ProposalResult.Applied<SessionAnswer<R>> applied -> switch (applied.result()) {
                case SessionAnswer.Answered<R>(R value) -> end(
                        new SessionResult.Applied<>(value));
                case SessionAnswer.Expired<R>() -> end(new SessionResult.Expired<>(
                        others || open.get()));
                // Another attempt has brought the answer, or it was abandoned.
                case SessionAnswer.Forgotten<R>() -> end(
                        new SessionResult.Unknown<>(UnknownCause.ABANDONED, 0));
                case SessionAnswer.Alive<R> ignored -> throw misread(ignored);
                case SessionAnswer.Malformed<R> ignored -> throw misread(ignored);
            };
        };
    }

    private static IllegalStateException misread(SessionAnswer<?> answer) {
        return new IllegalStateException("a call was answered as " + answer);
    }

    /** The first end counts. */
    private synchronized SessionResult<R> end(SessionResult<R> result) {
        SessionResult<R> before = ended;
        if (before != null) {
            return before;
        }
        ended = result;
        session.ended(number);
        return result;
    }
}
