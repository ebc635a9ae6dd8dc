// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import io.jangada.cli.print.ByteText;
import io.jangada.cli.print.CommandFailure;
import java.util.List;

/**
 * A key, or an interval of keys, as the API has it.
 *
 * @param key the first
 * @param end the one after the last; empty for a single key, one zero byte for no end
 */
public record KeyRange(ByteString key, ByteString end) {

    private static final ByteString ZERO = ByteString.copyFrom(new byte[1]);

    /** Which keys two flags make of a key. */
    public enum Extent {
        /** Up to a second argument, or the key alone. */
        AS_GIVEN,
        /** All that begin with it. */
        PREFIX,
        /** It and all after it. */
        FROM_KEY;

        /**
         * The extent of these flags.
         *
         * @throws CommandFailure saying {@code both} if both are set
         */
        public static Extent of(boolean prefix, boolean fromKey, String both) {
            if (prefix && fromKey) {
                throw CommandFailure.badArguments(both);
            }
            return prefix ? PREFIX : fromKey ? FROM_KEY : AS_GIVEN;
        }
    }

    /** One key, or with a second argument all before that. */
    public static KeyRange of(List<String> arguments, Extent extent) {
        ByteString key = ByteText.encode(arguments.getFirst());
        return switch (extent) {
            case AS_GIVEN -> new KeyRange(key, arguments.size() < 2
                    ? ByteString.EMPTY
                    : ByteText.encode(arguments.get(1)));
            case PREFIX -> key.isEmpty()
                    ? new KeyRange(ZERO, ZERO)
                    : new KeyRange(key, prefixEnd(key));
            case FROM_KEY -> new KeyRange(key.isEmpty() ? ZERO : key, ZERO);
        };
    }

    /** The keys that a permission is for. */
    static KeyRange of(Permission permission) {
        return new KeyRange(permission.getKey(), permission.getRangeEnd());
    }

    /** The first key after all that begin with {@code prefix}; one zero byte if there is none. */
    static ByteString prefixEnd(ByteString prefix) {
        byte[] end = prefix.toByteArray();
        for (int i = end.length - 1; i >= 0; i--) {
            if (end[i] != (byte) 0xff) {
                end[i]++;
                return ByteString.copyFrom(end, 0, i + 1);
            }
        }
        return ZERO;
    }

    /** As text: {@code a}, {@code [a, b)} or {@code [a, <open ended>}. */
    public String described() {
        if (isSingle()) {
            return key.toStringUtf8();
        }
        return "[" + key.toStringUtf8() + ", "
                + (end.equals(ZERO) ? "<open ended>" : end.toStringUtf8() + ")");
    }

    /** The same, with the prefix that the interval is, if it is one. */
    String describedWithPrefix() {
        boolean isPrefix = !isSingle() && !end.equals(ZERO) && end.equals(prefixEnd(key));
        return described() + (isPrefix ? " (prefix " + key.toStringUtf8() + ")" : "");
    }

    /** Whether it is one key. */
    public boolean isSingle() {
        return end.isEmpty();
    }
}
