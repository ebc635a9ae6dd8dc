// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member knows of tokens, in virtual time. */
final class SimpleTokensTest {
    private static final long TTL_NANOS = Duration.ofMinutes(5).toNanos();

    private long nowNanos;
    private long applied = 7;
    private final SimpleTokens tokens = new SimpleTokens(Duration.ofNanos(TTL_NANOS),
            () -> nowNanos, () -> applied, new SplittableRandom(1));

    @Test
    void namesItsUserAtThePresentRevision() {
        String token = give("u", 7);
        assertThat(tokens.resolve(token, 5)).isEqualTo(known("u", 5));
        assertThat(tokens.resolve(token, 6)).isEqualTo(known("u", 6));
    }

    @Test
    void livesOnWhileItIsUsed() {
        String token = give("u", 7);
        for (int i = 0; i < 3; i++) {
            nowNanos += TTL_NANOS - 1;
            assertThat(tokens.resolve(token, 1)).isEqualTo(known("u", 1));
        }
        nowNanos += TTL_NANOS;
        assertThat(tokens.resolve(token, 1)).isEqualTo(new Tokens.Unknown());
    }

    @Test
    void mayBeOfAnEntryThatIsYetToBeApplied() {
        String letters = tokens.letters();
        assertThat(tokens.resolve(letters + ".8", 1)).isEqualTo(new Tokens.Later());
        applied = 8;
        assertThat(tokens.resolve(letters + ".8", 1)).isEqualTo(new Tokens.Unknown());
    }

    @Test
    void countsWithItsOwnIndexOnly() {
        String letters = give("u", 7).split("\\.", -1)[0];
        assertThat(tokens.resolve(letters + ".6", 1)).isEqualTo(new Tokens.Unknown());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "x", ".7", "x.", "x.y", "x.-9", "x.7.7",
        "x.99999999999999999999"})
    void garbageNamesNobody(String garbage) {
        assertThat(tokens.resolve(garbage, 1)).isEqualTo(new Tokens.Unknown());
    }

    @Test
    void endsWithItsUsersSessions() {
        String ends = give("u", 7);
        String stays = give("v", 7);
        tokens.sessionsEnded("u");
        assertThat(tokens.resolve(ends, 1)).isEqualTo(new Tokens.Unknown());
        assertThat(tokens.resolve(stays, 1)).isEqualTo(known("v", 1));
        tokens.allSessionsEnded();
        assertThat(tokens.resolve(stays, 1)).isEqualTo(new Tokens.Unknown());
    }

    @Test
    void forgetsTheOneThatWouldExpireFirstWhenThereAreTooMany() {
        String first = give("first", 7);
        nowNanos++;
        String second = give("second", 7);
        for (int i = tokens.count(); i < SimpleTokens.TOKENS_MAX; i++) {
            tokens.authenticated("other", "digest-" + i, 7);
        }
        String last = give("last", 7);
        assertThat(tokens.count()).isEqualTo(SimpleTokens.TOKENS_MAX);
        assertThat(tokens.resolve(first, 1)).isEqualTo(new Tokens.Unknown());
        assertThat(tokens.resolve(second, 1)).isEqualTo(known("second", 1));
        assertThat(tokens.resolve(last, 1)).isEqualTo(known("last", 1));
    }

    @Test
    void sweepsWhatIsOver() {
        String ignored = give("u", 7);
        nowNanos += TTL_NANOS;
        String second = give("u", 7);
        assertThat(tokens.count()).isEqualTo(1);
        assertThat(second).isNotEqualTo(ignored);
    }

    private String give(String user, long index) {
        String letters = tokens.letters();
        tokens.authenticated(user, SimpleTokens.digest(letters), index);
        return letters + "." + index;
    }

    private static Tokens.Known known(String user, long revision) {
        return new Tokens.Known(new Caller(user, revision));
    }
}
