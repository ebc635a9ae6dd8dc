// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import at.favre.lib.crypto.bcrypt.BCrypt;
import at.favre.lib.crypto.bcrypt.LongPasswordStrategies;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes and checks hashes of passwords (bcrypt), which takes long on purpose: on threads of its own, of
 * which there are few, with a bound on what waits for them. Who guesses is slowed: a user's passwords are
 * checked {@value #CHECKS_AT_ONCE} times at once, and then {@value #CHECKS_PER_SECOND} times a second.
 * Thread-safe.
 */
public final class Passwords implements AutoCloseable {
    /** Longer passwords than this many bytes are refused: bcrypt looks at no more. */
    public static final int BYTES_MAX = 72;

    static final int CHECKS_AT_ONCE = 64;
    static final int CHECKS_PER_SECOND = 16;
    private static final int WAITING_MAX = 256;
    private static final int NAMES_MAX = 4_096;
    private static final int COST_MIN = 4;
    private static final int COST_MAX = 31;
    private static final int COST_DEFAULT = 10;
    private static final long NANOS_PER_CHECK = TimeUnit.SECONDS.toNanos(1) / CHECKS_PER_SECOND;
    private static final Logger LOGGER = LoggerFactory.getLogger(Passwords.class);

    private final int cost;
    private final LongSupplier clockNanos;
    private final ThreadPoolExecutor threads;
    private final BCrypt.Hasher hasher;
    private final ByteString nobodys;
    /** When the checks asked for so far would be over, one by one, by name; under the lock. */
    private final Map<String, Long> busyUntilNanos = new LinkedHashMap<>(16, 0.75F, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > NAMES_MAX;
        }
    };

    /**
     * Begins without threads; they come with work.
     *
     * @param cost bcrypt's, 4 to 31, the logarithm of the rounds; another one counts as 10, as in etcd
     * @param clockNanos the time, monotonic
     */
    public Passwords(int cost, LongSupplier clockNanos) {
        this.cost = cost < COST_MIN || cost > COST_MAX ? COST_DEFAULT : cost;
        this.clockNanos = clockNanos;
        int count = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        this.threads = new ThreadPoolExecutor(count, count, 10, TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(WAITING_MAX),
                Thread.ofPlatform().daemon().name("bcrypt-", 0).factory());
        threads.allowCoreThreadTimeOut(true);
        this.hasher = BCrypt.with(BCrypt.Version.VERSION_2A, new SecureRandom(),
                LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A));
        this.nobodys = ByteString.copyFromUtf8(
                "$2a$" + (this.cost < 10 ? "0" : "") + this.cost + "$" + "x".repeat(53));
    }

    /** Whether a password has no more bytes than count. */
    public static boolean fits(String password) {
        return password.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
    }

    /**
     * Hashes a password, and tells {@code answer} on a thread of its own.
     *
     * @return false, and nothing happens, if too much waits
     */
    public boolean hash(String password, Consumer<String> answer) {
        return execute(() -> answer.accept(new String(
                hasher.hash(cost, password.getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8)));
    }

    /**
     * Whether {@code password} is what {@code hash} was made of; told as by {@link #hash}. An empty hash is
     * nobody's: the answer is no, after as long.
     *
     * @return false, and nothing happens, if too much waits, or this name's are checked too often
     */
    public boolean check(String name, String password, ByteString hash, Consumer<Boolean> answer) {
        return admits(name) && execute(() -> answer.accept(BCrypt
                .verifyer(BCrypt.Version.VERSION_2A,
                        LongPasswordStrategies.truncate(BCrypt.Version.VERSION_2A))
                .verify(password.getBytes(StandardCharsets.UTF_8),
                        (hash.isEmpty() ? nobodys : hash).toByteArray()).verified
                && !hash.isEmpty()));
    }

    private boolean admits(String name) {
        long nowNanos = clockNanos.getAsLong();
        synchronized (busyUntilNanos) {
            Long until = busyUntilNanos.get(name);
            long aheadNanos = until == null ? 0 : Math.max(0, until - nowNanos);
            if (aheadNanos + NANOS_PER_CHECK > CHECKS_AT_ONCE * NANOS_PER_CHECK) {
                return false;
            }
            busyUntilNanos.put(name, nowNanos + aheadNanos + NANOS_PER_CHECK);
            return true;
        }
    }

    private boolean execute(Runnable task) {
        try {
            threads.execute(() -> {
                try {
                    task.run();
                } catch (RuntimeException unexpected) {
                    LOGGER.warn("request failed unexpectedly", unexpected);
                }
            });
            return true;
        } catch (RejectedExecutionException full) {
            return false;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
