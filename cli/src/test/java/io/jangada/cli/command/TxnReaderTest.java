// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.Compare.CompareResult;
import io.jangada.api.etcd.Compare.CompareTarget;
import io.jangada.api.etcd.TxnRequest;
import io.jangada.cli.print.CommandFailure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TxnReaderTest {
    private final List<String> prompts = new ArrayList<>();

    @Test
    void readsComparisonsAndBothBranches() throws IOException {
        TxnRequest request = read("""
                  value("a") = "1"
                mod("b") > "2"

                put k 'v w'
                get --prefix "a\\tb"

                del k z
                put --lease=12ab k ""

                """);

        assertThat(request.getCompareList()).extracting(Compare::getTarget)
                .containsExactly(CompareTarget.VALUE, CompareTarget.MOD);
        assertThat(request.getSuccess(0).getRequestPut().getValue().toStringUtf8())
                .isEqualTo("v w");
        assertThat(request.getSuccess(1).getRequestRange().getRangeEnd().toStringUtf8())
                .isEqualTo("a\tc");
        assertThat(request.getFailure(0).getRequestDeleteRange().getRangeEnd().toStringUtf8())
                .isEqualTo("z");
        assertThat(request.getFailure(1).getRequestPut().getLease()).isEqualTo(0x12ab);
        assertThat(prompts).containsExactly("compares:", "success requests (get, put, del):",
                "failure requests (get, put, del):");
    }

    @Test
    void escapesOfBytesThatAreNoUtf8StayBytes() throws IOException {
        TxnRequest request = read("""

                put "k\\xff" "\\xfe"
                get "k\\xff"


                """);

        assertThat(request.getSuccess(0).getRequestPut().getKey())
                .isEqualTo(bytes('k', 0xff));
        assertThat(request.getSuccess(0).getRequestPut().getValue()).isEqualTo(bytes(0xfe));
        assertThat(request.getSuccess(1).getRequestRange().getKey())
                .isEqualTo(bytes('k', 0xff));
    }

    private static ByteString bytes(int... values) {
        ByteString.Output bytes = ByteString.newOutput();
        for (int value : values) {
            bytes.write(value);
        }
        return bytes.toByteString();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "ver(\"k\") = \"3\"     | VERSION | EQUAL     | 3",
        "version(\"k\") < \"3\" | VERSION | LESS      | 3",
        "c(\"k\") > \"-4\"      | CREATE  | GREATER   | -4",
        "create(`k`)  !=  `4`   | CREATE  | NOT_EQUAL | 4",
        "m(\"k\") = \"5\"       | MOD     | EQUAL     | 5",
        "lease(\"k\") = \"1f\"  | LEASE   | EQUAL     | 31"})
    void comparesNumbers(String line, CompareTarget target, CompareResult result, long number) {
        Compare compare = Comparisons.parse(line);
        assertThat(compare.getKey().toStringUtf8()).isEqualTo("k");
        assertThat(compare.getTarget()).isEqualTo(target);
        assertThat(compare.getResult()).isEqualTo(result);
        assertThat(compare.getAllFields().values()).contains(number);
    }

    @Test
    void comparesBytes() {
        Compare compare = Comparisons.parse("val(\"\\x00é\") = \"a\\\"b\\377\\u00e9\" rest");
        assertThat(compare.getKey()).isEqualTo(ByteString.copyFromUtf8("\0é"));
        assertThat(compare.getValue()).isEqualTo(ByteString.copyFromUtf8("a\"b")
                .concat(ByteString.copyFrom(new byte[]{(byte) 0xff}))
                .concat(ByteString.copyFromUtf8("é")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "bad                   | malformed comparison: bad",
        "value(a) = \"1\"      | malformed comparison: value(a) = \"1\"; got value(\"\")  \"\"",
        "mod(\"a\") > 0        | malformed comparison: mod(\"a\") > 0; got mod(\"a\") > \"\"",
        "mod(\"a\")>\"0\"      | malformed comparison: mod(\"a\")>\"0\"; got mod(\"a\")  \"\"",
        "mod(\"a\" = \"1\"     | malformed comparison: mod(\"a\" = \"1\"; got mod(\"a\")  \"\"",
        "zz(\"a\") = \"1\"     | malformed comparison: zz(\"a\") = \"1\" (unknown target zz)",
        "value(\"a\") ~~ \"1\" | malformed comparison: value(\"a\") ~~ \"1\" (unknown operator ~~)",
        "mod(\"a\") = \"x\"    | invalid txn compare request: mod(\"a\") = \"x\""})
    void saysWhatIsWrongWithAComparison(String line, String why) {
        refuses(line + "\n\n\n\n", why, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', value = {
        "foo            | 3   | invalid txn compare request: foo",
        "foo bar        | 3   | invalid txn request: foo bar",
        "get --bogus a  | 3   | invalid txn request: get --bogus a",
        "put a          | 128 | put command needs 1 argument and input from stdin or 2 arguments",
        "put --lease=zz a b | 128 | bad lease ID (strconv.ParseInt: parsing \"zz\": invalid syntax), expecting ID in Hex"})
    void saysWhatIsWrongWithARequest(String line, int exitCode, String why) {
        refuses("\n" + line + "\n\n\n", why, exitCode);
    }

    @Test
    void aTransactionHasThreeEmptyLines() {
        refuses("\n\n", "EOF", 3);
        refuses("", "EOF", 3);
    }

    private void refuses(String text, String why, int exitCode) {
        assertThatThrownBy(() -> read(text)).isInstanceOfSatisfying(CommandFailure.class,
                failure -> {
                    assertThat(failure.text()).isEqualTo(why);
                    assertThat(failure.exitCode()).isEqualTo(exitCode);
                });
    }

    private TxnRequest read(String text) throws IOException {
        return new TxnReader(new BufferedReader(new StringReader(text)), prompts::add).read();
    }
}
