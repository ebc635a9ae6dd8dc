// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
    @Test
    void blanksSeparateWords() {
        assertThat(Words.of("  put a\tb  ")).containsExactly("put", "a", "b");
        assertThat(Words.of("")).isEmpty();
    }

    @Test
    void doubleQuotesHaveEscapesAndSingleQuotesHaveNone() {
        assertThat(Words.of("put \"x y\\n\\\"\" 'a\"b\\n' \"\"")).containsExactly("put", "x y\n\"",
                "a\"b\\n", "");
    }

    @Test
    void quotesInsideAWordAreItsOwn() {
        assertThat(Words.of("b\"c\" a\\nb don't")).containsExactly("b\"c\"", "a\\nb", "don't");
    }

    @Test
    void aQuoteThatIsNotClosedIsPlain() {
        assertThat(Words.of("\"a b 'c")).containsExactly("\"a", "b", "'c");
        assertThat(Words.of("\"\\q\"")).containsExactly("\"\\q\"");
    }
}
