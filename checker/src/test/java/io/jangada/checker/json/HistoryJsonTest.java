// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.History;
import io.jangada.checker.history.InitialState;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.reference.Scenario;
import io.jangada.checker.reference.Simulation;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HistoryJsonTest {
    private static final String HEAD = "{\"format\":\"jangada-history\",\"version\":1,\"revision\":1}\n";

    @Test
    void readsWhatItWrites() throws Exception {
        for (long seed = 1; seed <= 100; seed++) {
            History history = Simulation.run(seed, Scenario.full(100));
            assertThat(HistoryReader.read(new StringReader(written(history)))).as("seed " + seed)
                    .isEqualTo(history);
        }
    }

    @Test
    void keepsBytesThatAreNoTextAndWhatWasBefore() throws Exception {
        Bytes odd = Bytes.of(new byte[]{(byte) 0xff, 0, '"', '\\', '\n'});
        var builder = History.builder(new InitialState(7,
                List.of(new KeyValue(Bytes.utf8("é\"\n"), odd, 3, 7, 2, 9))));
        builder.add(1, 5, 6, new Request.Put(odd, Bytes.EMPTY), new Response.Put(8));
        History built = builder.build();
        History history = new History(built.initial(), Set.of(9L, 11L), built.operations(),
                List.of());
        String text = written(history);
        assertThat(text.lines()).hasSize(2);
        assertThat(HistoryReader.read(new StringReader(text))).isEqualTo(history);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "{\"client\":1,\"call\":1,\"request\":{\"type\":\"put\"} | no JSON",
        "{\"client\":1,\"call\":1,\"request\":{\"type\":\"putt\"}} | no request is a putt",
        "{\"client\":1,\"call\":1.5,\"request\":{\"type\":\"put\"}} | call is no whole number",
        "{\"client\":1,\"call\":99999999999999999999,\"request\":{\"type\":\"put\"}} | call is no whole number",
        "{\"client\":1,\"request\":{\"type\":\"put\"}} | call is missing",
        "{\"client\":1,\"call\":1,\"request\":{\"type\":\"put\"},\"response\":{\"type\":\"put\"}} | return is missing",
        "{\"client\":1,\"call\":2,\"return\":1,\"request\":{\"type\":\"put\"},\"response\":{\"type\":\"put\"}} | before its call",
        "{\"client\":1,\"call\":1,\"return\":1,\"request\":{\"type\":\"put\"},\"response\":{\"type\":\"compact\"}} | answers no Put",
        "{\"watch\":1,\"at\":1,\"type\":\"progress\",\"revision\":3} | has not begun",
        "{} {} | or more than one value",
        "[] | it is no object"})
    void namesTheLineThatIsNone(String line, String why) {
        assertThatThrownBy(() -> HistoryReader.read(new StringReader(HEAD + "\n" + line + "\n")))
                .isInstanceOfSatisfying(HistoryFormatException.class,
                        e -> assertThat(e.line()).isEqualTo(3))
                .hasMessageContaining("line 3: ").hasMessageContaining(why);
    }

    @Test
    void refusesLinesThatAreTooLong() {
        String padded = HEAD + "{\"client\":" + " ".repeat(200_000) + "1}\n";
        assertThatThrownBy(() -> HistoryReader.read(new StringReader(padded), 100_000))
                .isInstanceOf(HistoryFormatException.class)
                .hasMessage("line 2: longer than 100000 chars");
    }

    @Test
    void refusesAnotherFormat() {
        assertThatThrownBy(() -> HistoryReader.read(new StringReader("")))
                .isInstanceOf(HistoryFormatException.class);
        assertThatThrownBy(() -> HistoryReader
                .read(new StringReader(HEAD.replace("\"version\":1", "\"version\":2"))))
                .isInstanceOf(HistoryFormatException.class).hasMessageContaining("version 1");
    }

    private static String written(History history) throws IOException {
        StringWriter out = new StringWriter();
        HistoryWriter.write(history, out);
        return out.toString();
    }
}
