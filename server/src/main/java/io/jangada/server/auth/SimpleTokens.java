// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * etcd's simple tokens: random letters, a dot, and the index of the entry that made the token known. Every
 * member learns of each token by that entry, and forgets it when it was not used there for a while, or
 * stops. Entries and members have digests of the letters only: neither the log nor a member's memory tells
 * a token.
 *
 * <p>Bounded: beyond {@value #TOKENS_MAX} tokens the one that would expire first is forgotten. Thread-safe.
 */
public final class SimpleTokens implements Tokens, AuthObserver {
    static final int TOKENS_MAX = 65_536;

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static final int LETTER_COUNT = 24;
    private static final int INDEX_DIGITS_MAX = 18;

    private final LongSupplier clockNanos;
    private final LongSupplier appliedIndex;
    private final RandomGenerator random;
    private final long ttlNanos;
    private final Map<String, Session> byDigest = new ConcurrentHashMap<>();
    private long nextSweepNanos;

    private record Session(String user, long index, AtomicLong deadlineNanos) {
        boolean isOver(long nowNanos) {
            return nowNanos - deadlineNanos.get() >= 0;
        }
    }

    /**
     * No tokens yet.
     *
     * @param ttl how long a token lives without being used
     * @param clockNanos the time, monotonic
     * @param appliedIndex how far this member has applied
     * @param random must be unpredictable
     */
    public SimpleTokens(Duration ttl, LongSupplier clockNanos, LongSupplier appliedIndex,
            RandomGenerator random) {
        this.ttlNanos = ttl.toNanos();
        this.clockNanos = clockNanos;
        this.appliedIndex = appliedIndex;
        this.random = random;
        this.nextSweepNanos = clockNanos.getAsLong() + ttlNanos;
    }

    /** The letters of a new token. */
    public String letters() {
        StringBuilder letters = new StringBuilder(LETTER_COUNT);
        for (int i = 0; i < LETTER_COUNT; i++) {
            letters.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return letters.toString();
    }

    /** What an entry may say of the letters. */
    public static String digest(String letters) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256")
                    .digest(letters.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    @Override
    public Named resolve(String token, long authRevision) {
        int dot = token.indexOf('.');
        if (dot <= 0 || dot != token.lastIndexOf('.')) {
            return new Unknown();
        }
        long index = index(token.substring(dot + 1));
        Session session = byDigest.get(digest(token.substring(0, dot)));
        long nowNanos = clockNanos.getAsLong();
        if (session != null && session.index == index && !session.isOver(nowNanos)) {
            session.deadlineNanos.set(nowNanos + ttlNanos);
            return new Known(new Caller(session.user, authRevision));
        }
        return index > appliedIndex.getAsLong() ? new Later() : new Unknown();
    }

    private static long index(String digits) {
        boolean isNumber = !digits.isEmpty() && digits.length() <= INDEX_DIGITS_MAX
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        return isNumber ? Long.parseLong(digits) : 0;
    }

    @Override
    public void authenticated(String user, String tokenDigest, long index) {
        long nowNanos = clockNanos.getAsLong();
        if (byDigest.size() >= TOKENS_MAX || nowNanos - nextSweepNanos >= 0) {
            nextSweepNanos = nowNanos + ttlNanos;
            byDigest.values().removeIf(session -> session.isOver(nowNanos));
        }
        if (byDigest.size() >= TOKENS_MAX) {
            byDigest.entrySet().stream()
                    .min(Comparator.comparingLong(
                            one -> one.getValue().deadlineNanos.get() - nowNanos))
                    .ifPresent(first -> byDigest.remove(first.getKey()));
        }
        byDigest.put(tokenDigest, new Session(user, index, new AtomicLong(nowNanos + ttlNanos)));
    }

    @Override
    public void sessionsEnded(String user) {
        byDigest.values().removeIf(session -> session.user.equals(user));
    }

    @Override
    public void allSessionsEnded() {
        byDigest.clear();
    }

    int count() {
        return byDigest.size();
    }
}
