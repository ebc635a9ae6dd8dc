// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Hashes of passwords, at the least cost; and how often they are checked, in virtual time. */
final class PasswordsTest {
    private final AtomicLong nowNanos = new AtomicLong();
    private final Passwords passwords = new Passwords(4, nowNanos::get);

    @AfterEach
    void close() {
        passwords.close();
    }

    @Test
    void aHashIsOfItsPasswordOnly() throws Exception {
        String hash = hash("secret");
        assertThat(hash).startsWith("$2a$04$").doesNotContain("secret");
        assertThat(hash("secret")).as("salted").isNotEqualTo(hash);
        assertThat(check("secret", hash)).isTrue();
        assertThat(check("Secret", hash)).isFalse();
        assertThat(check("", hash)).isFalse();
    }

    @Test
    void anEmptyPasswordIsAPassword() throws Exception {
        String hash = hash("");
        assertThat(check("", hash)).isTrue();
        assertThat(check("x", hash)).isFalse();
    }

    @Test
    void nobodysHashFitsNoPassword() throws Exception {
        assertThat(check("", "")).isFalse();
        assertThat(check("x", "")).isFalse();
    }

    @Test
    void whatIsNoHashFitsNoPassword() throws Exception {
        assertThat(check("x", "x")).isFalse();
    }

    @Test
    void passwordsAreLimitedInBytes() {
        assertThat(Passwords.fits("ü".repeat(36))).isTrue();
        assertThat(Passwords.fits("ü".repeat(36) + "x")).isFalse();
    }

    @Test
    void workRunsOnItsOwnThreads() throws Exception {
        CompletableFuture<String> thread = new CompletableFuture<>();
        assertThat(passwords.hash("x",
                ignored -> thread.complete(Thread.currentThread().getName()))).isTrue();
        assertThat(thread.get(30, TimeUnit.SECONDS)).startsWith("bcrypt-");
    }

    @Test
    void guessesOfOneNameAreSlowed() throws Exception {
        String hash = hash("secret");
        for (int i = 0; i < Passwords.CHECKS_AT_ONCE; i++) {
            assertThat(check("guess", hash)).isFalse();
        }
        ByteString stored = ByteString.copyFromUtf8(hash);
        assertThat(passwords.check("u", "secret", stored, ignored -> {})).isFalse();
        assertThat(passwords.check("other", "secret", stored, ignored -> {})).isTrue();
        nowNanos.addAndGet(TimeUnit.SECONDS.toNanos(1) / Passwords.CHECKS_PER_SECOND);
        assertThat(check("secret", hash)).isTrue();
        assertThat(passwords.check("u", "secret", stored, ignored -> {})).isFalse();
    }

    private String hash(String password) throws Exception {
        CompletableFuture<String> hash = new CompletableFuture<>();
        assertThat(passwords.hash(password, hash::complete)).isTrue();
        return hash.get(30, TimeUnit.SECONDS);
    }

    private boolean check(String password, String hash) throws Exception {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        assertThat(passwords.check("u", password, ByteString.copyFromUtf8(hash),
                answer::complete)).isTrue();
        return answer.get(30, TimeUnit.SECONDS);
    }
}
