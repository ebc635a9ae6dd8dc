// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.Compare;
import io.jangada.api.etcd.Compare.CompareResult;
import io.jangada.api.etcd.Compare.CompareTarget;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Comparisons of a transaction: {@code value("KEY") = "TEXT"}, and in place of {@code value} (or {@code val}) also
 * {@code version} ({@code ver}), {@code create} ({@code c}), {@code mod} ({@code m}) with a number, {@code lease} with
 * an identifier in hexadecimal; in place of {@code =} also {@code <}, {@code >}, {@code !=}.
 */
final class Comparisons {
    private static final String QUOTED = "(\"(?:[^\"\\\\]|\\\\.)*\"|`[^`]*`)";
    private static final Pattern AFTER_TARGET = Pattern
            .compile("\\s*" + QUOTED + "(?:\\)\\s+(\\S+)(?:\\s+" + QUOTED + ")?)?");

    private Comparisons() {}

    /**
     * Reads {@code line}.
     *
     * @throws CommandFailure if it is none
     */
    static Compare parse(String line) {
        int parenthesis = line.indexOf('(');
        if (parenthesis < 0) {
            throw malformed(line, "");
        }
        String target = line.substring(0, parenthesis);
        Matcher parts = AFTER_TARGET.matcher(line).region(parenthesis + 1, line.length());
        boolean found = parts.lookingAt();
        Optional<ByteString> key = found ? unquoted(parts, 1) : Optional.empty();
        String operator = found ? Optional.ofNullable(parts.group(2)).orElse("") : "";
        Optional<ByteString> value = found ? unquoted(parts, 3) : Optional.empty();
        if (key.isEmpty() || value.isEmpty()) {
            throw malformed(line, "; got " + target + "("
                    + GoText.quoted(key.orElse(ByteString.EMPTY)) + ") " + operator + " \"\"");
        }
        return compare(line, target, value.get()).setKey(key.get())
                .setResult(result(line, operator)).build();
    }

    private static Optional<ByteString> unquoted(Matcher parts, int group) {
        return Optional.ofNullable(parts.group(group)).flatMap(GoQuotes::bytes);
    }

    private static Compare.Builder compare(String line, String target, ByteString value) {
        String number = value.toStringUtf8();
        Compare.Builder compare = Compare.newBuilder();
        try {
            return switch (target) {
                case "ver", "version" -> compare.setTarget(CompareTarget.VERSION)
                        .setVersion(GoNumbers.signed(number, 10));
                case "c", "create" -> compare.setTarget(CompareTarget.CREATE)
                        .setCreateRevision(GoNumbers.signed(number, 10));
                case "m", "mod" -> compare.setTarget(CompareTarget.MOD)
                        .setModRevision(GoNumbers.signed(number, 10));
                case "val", "value" -> compare.setTarget(CompareTarget.VALUE).setValue(value);
                case "lease" -> compare.setTarget(CompareTarget.LEASE)
                        .setLease(GoNumbers.signed(number, 16));
                default -> throw malformed(line, " (unknown target " + target + ")");
            };
        } catch (NumberFormatException ignored) {
            throw CommandFailure.invalidInput("invalid txn compare request: " + line);
        }
    }

    private static CompareResult result(String line, String operator) {
        return switch (operator) {
            case "=" -> CompareResult.EQUAL;
            case "!=" -> CompareResult.NOT_EQUAL;
            case "<" -> CompareResult.LESS;
            case ">" -> CompareResult.GREATER;
            default -> throw malformed(line, " (unknown operator " + operator + ")");
        };
    }

    private static CommandFailure malformed(String line, String why) {
        return CommandFailure.invalidInput("malformed comparison: " + line + why);
    }
}
