// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.grpc;

import io.jangada.server.answer.LongAnswers;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ranges whose answers are made part by part while they are sent. A thread of their own does it, a step of one of them
 * after a step of another, so that short ranges do not wait for them. Some are under way at a time, each of which holds a
 * part of its answer and a view of the store; the others wait in the order of their coming. Thread-safe; what is
 * said of calls belongs to that thread.
 */
public final class LongRanges implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LongRanges.class);
    /** Each holds a part of its answer, {@link RangeCall#PART_BYTES} or one key-value, and a view. */
    private static final int UNDER_WAY_MAX = 64;
    private static final long IDLE_SECONDS = 10;
    private static final long CLOSE_SECONDS = 5;

    private final LocalMember member;
    private final LongAnswers answers;
    private final ThreadPoolExecutor steps;
    private final Set<RangeCall> underWay = new LinkedHashSet<>();
    private final Queue<RangeCall> waiting = new ArrayDeque<>();

    /** Of {@code member}; they go to the client ports by {@code answers}. */
    public LongRanges(LocalMember member, LongAnswers answers) {
        this.member = member;
        this.answers = answers;
        this.steps = new ThreadPoolExecutor(1, 1, IDLE_SECONDS, TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(), // Bounded by the calls: each has one step in it.
                Thread.ofPlatform().daemon().name("long-ranges-" + member.config().name())
                        .factory(),
                (task, ended) -> task.run()); // What comes after the end is an ending.
        steps.allowCoreThreadTimeOut(true);
    }

    LongAnswers answers() {
        return answers;
    }

    /** Begins {@code call} when it is its turn, or refuses it if too many wait. */
    void admit(RangeCall call) {
        execute(() -> {
            if (underWay.size() < UNDER_WAY_MAX) {
                begin(call);
            } else if (waiting.size() < member.config().limits().rangesWaitingMax()) {
                waiting.add(call);
            } else {
                call.refuse(EtcdError.TOO_MANY_REQUESTS);
            }
        });
    }

    private void begin(RangeCall call) {
        if (call.begin()) {
            underWay.add(call);
        }
    }

    /**
     * Takes a step of a call that is under way, and gives way to whoever waits for this core: the scheduler would let the steps
     * go on for milliseconds, and short requests wait so long at each thread that they pass.
     */
    @SuppressWarnings("ThreadPriorityCheck") // A hint is all that is wanted.
    void execute(Runnable step) {
        steps.execute(() -> {
            try {
                step.run();
                Thread.yield();
            } catch (RuntimeException unexpected) {
                LOGGER.warn("step of a long range failed unexpectedly", unexpected);
            }
        });
    }

    /** {@code call} is over, wherever it stood. */
    void end(RangeCall call) {
        execute(() -> {
            waiting.remove(call);
            if (underWay.remove(call)) {
                call.release();
                RangeCall next;
                while (underWay.size() < UNDER_WAY_MAX && (next = waiting.poll()) != null) {
                    begin(next);
                }
            }
        });
    }

    /** Ends them all; what clients have of them by then stays short. Blocks until no step is under way. */
    @Override
    public void close() {
        execute(() -> {
            waiting.clear();
            List.copyOf(underWay).forEach(RangeCall::release);
            underWay.clear();
        });
        steps.shutdown();
        try {
            var ignored = steps.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException ignored) {
            Thread.currentThread().interrupt();
        }
    }
}
