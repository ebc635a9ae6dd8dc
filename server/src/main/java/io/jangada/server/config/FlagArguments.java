// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A command line in the syntax of Go's flags: {@code -x}, {@code --x}, {@code --x=v}, {@code --x v}; a
 * switch takes its value after {@code =} only. The last of several counts. Immutable.
 *
 * @param values by flag name
 * @param asksForHelp whether {@code -h} or {@code --help} was among them
 */
public record FlagArguments(Map<String, String> values, boolean asksForHelp) {

    public FlagArguments {
        values = Map.copyOf(values);
    }

    /**
     * Reads {@code arguments}.
     *
     * @throws FlagSyntaxException if a flag is not known, has no value, or has one of another kind
     * @throws ConfigException if something stands there that is no flag
     */
    public static FlagArguments parse(List<String> arguments)
            throws FlagSyntaxException, ConfigException {
        Map<String, String> values = new LinkedHashMap<>();
        int next = 0;
        while (next < arguments.size() && isFlag(arguments.get(next))) {
            String argument = arguments.get(next++);
            if (argument.equals("--")) {
                break;
            }
            String body = argument.substring(argument.startsWith("--") ? 2 : 1);
            int equals = body.indexOf('=');
            String name = equals < 0 ? body : body.substring(0, equals);
            Flag flag = FlagTable.all().get(name);
            if (flag == null) {
                if (name.equals("h") || name.equals("help")) {
                    return new FlagArguments(Map.of(), true);
                }
                throw new FlagSyntaxException("flag provided but not defined: -" + name);
            }
            String value;
            if (equals >= 0) {
                value = body.substring(equals + 1);
            } else if (flag.kind() == Flag.Kind.BOOL) {
                value = "true";
            } else if (next < arguments.size()) {
                value = arguments.get(next++);
            } else {
                throw new FlagSyntaxException("flag needs an argument: -" + name);
            }
            values.put(name, checked(flag, value));
        }
        if (next < arguments.size()) {
            throw new ConfigException('"' + arguments.get(next) + "\" is not a valid flag");
        }
        return new FlagArguments(values, false);
    }

    /* A dash alone is none, as in Go. */
    private static boolean isFlag(String argument) {
        return argument.length() > 1 && argument.charAt(0) == '-';
    }

    private static String checked(Flag flag, String value) throws FlagSyntaxException {
        try {
            flag.check(value);
            return value;
        } catch (ConfigException malformed) {
            throw new FlagSyntaxException("invalid value: " + malformed.getMessage());
        }
    }
}
