// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import java.math.BigInteger;

/** Numbers in arguments, with the words of Go's library where they are none. */
final class GoNumbers {
    private static final BigInteger UNSIGNED_MAX = BigInteger.ONE.shiftLeft(Long.SIZE)
            .subtract(BigInteger.ONE);

    private GoNumbers() {}

    /** A lease's identifier in hexadecimal; {@code what} begins the refusal. */
    static long lease(String text, String what) {
        try {
            return signed(text, 16);
        } catch (NumberFormatException refused) {
            throw CommandFailure.badArguments(
                    what + " (" + refused.getMessage() + "), expecting ID in Hex");
        }
    }

    /** A member's identifier in hexadecimal. */
    static long member(String text) {
        try {
            return unsigned(text);
        } catch (NumberFormatException refused) {
            throw CommandFailure.badArguments("bad member ID arg (" + refused.getMessage()
                    + "), expecting ID in Hex");
        }
    }

    /**
     * A number with a sign.
     *
     * @throws NumberFormatException with Go's words
     */
    static long signed(String text, int radix) {
        BigInteger value = value("ParseInt", text, radix);
        if (value.bitLength() >= Long.SIZE) {
            throw outOfRange("ParseInt", text);
        }
        return value.longValue();
    }

    /**
     * A hexadecimal number without a sign, as the bits of a long.
     *
     * @throws NumberFormatException with Go's words
     */
    static long unsigned(String text) {
        if (text.startsWith("-") || text.startsWith("+")) {
            throw badSyntax("ParseUint", text);
        }
        BigInteger value = value("ParseUint", text, 16);
        if (value.compareTo(UNSIGNED_MAX) > 0) {
            throw outOfRange("ParseUint", text);
        }
        return value.longValue();
    }

    private static BigInteger value(String function, String text, int radix) {
        boolean isPlain = !text.isEmpty()
                && text.chars().allMatch(c -> c < 0x80);
        if (!isPlain) {
            throw badSyntax(function, text);
        }
        try {
            return new BigInteger(text, radix);
        } catch (NumberFormatException ignored) {
            throw badSyntax(function, text);
        }
    }

    private static NumberFormatException badSyntax(String function, String text) {
        return refusal(function, text, "invalid syntax");
    }

    private static NumberFormatException outOfRange(String function, String text) {
        return refusal(function, text, "value out of range");
    }

    private static NumberFormatException refusal(String function, String text, String why) {
        return new NumberFormatException(
                "strconv." + function + ": parsing " + GoText.quoted(text) + ": " + why);
    }
}
