// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.raftnode.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How a member ends: once, for the first reason there is, which whoever waits for it is told. Thread-safe. */
final class Ending {
    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdServer.class);
    private static final long REMOVED_DELAY_NANOS = Duration.ofSeconds(1).toNanos();

    private enum How {
        NOT_YET, AS_ASKED, FOR_A_REASON
    }

    private final String name;
    private final Runnable release;
    private final CompletableFuture<Void> ready = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private final AtomicReference<How> how = new AtomicReference<>(How.NOT_YET);

    /**
     * Of a member that runs.
     *
     * @param name the member's
     * @param release lets go of everything; run by a thread of its own
     */
    Ending(String name, Runnable release) {
        this.name = name;
        this.release = release;
    }

    /** What is said of {@code member} once it was removed. */
    static String removedLine(long member) {
        return "member " + Long.toHexString(member) + " has been permanently removed from the"
                + " cluster: its data directory is of no more use";
    }

    /** It serves clients. */
    void served() {
        ready.complete(null);
    }

    /** See {@link EtcdServer#ready}. */
    CompletableFuture<Void> ready() {
        return ready.copy();
    }

    /** See {@link EtcdServer#stopped}. */
    CompletableFuture<Void> stopped() {
        return stopped.copy();
    }

    /** It stops, for a reason that is no failure of this process. */
    void leave(Exception why) {
        if (begins(How.FOR_A_REASON)) {
            LOGGER.error("member stops: {}", why.getMessage());
            end(why);
        }
    }

    /** Law 5. The loop that failed is one of those that are let go of, so another thread does that. */
    void failed(Throwable failure) {
        if (begins(How.FOR_A_REASON)) {
            LOGGER.error("member stopped by an unexpected failure", failure);
            end(failure);
        }
    }

    /** {@code member}, this one, was removed. Open answers still go out, and the others hear of it, on {@code loop}. */
    void removed(long member, EventLoop loop) {
        if (begins(How.AS_ASKED)) {
            String line = removedLine(member);
            LOGGER.warn("{}; it stops", line);
            ready.completeExceptionally(new StartException(line));
            loop.schedule(() -> apart(() -> stopped.complete(null)), REMOVED_DELAY_NANOS);
        }
    }

    /** Everything is let go of, as it was asked to. */
    void closed() {
        if (begins(How.AS_ASKED) || how.get() == How.AS_ASKED) {
            stopped.complete(null);
        }
    }

    private boolean begins(How end) {
        return how.compareAndSet(How.NOT_YET, end);
    }

    private void end(Throwable why) {
        ready.completeExceptionally(why);
        apart(() -> stopped.completeExceptionally(why));
    }

    private void apart(Runnable then) {
        Thread.ofPlatform().name("stop-" + name).start(() -> {
            release.run();
            then.run();
        });
    }
}
