// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The value of every flag: from the command line, else from {@code JANGADA_NAME}, else from
 * {@code ETCD_NAME}, else its default; or all of it from a configuration file. An empty variable counts
 * as not set. Immutable.
 *
 * @param given what is not left to the default, by flag name
 * @param notes lines for the log: what was given and has no effect
 */
public record FlagValues(Map<String, String> given, List<String> notes) {
    private static final List<String> PREFIXES = List.of("JANGADA_", "ETCD_");
    private static final String ETCD = "ETCD_";
    /** Variables of etcd's container images and of its client, which are no flags. */
    private static final Set<String> KNOWN = Set.of("ETCD_VERSION", "ETCD_UNSUPPORTED_ARCH");

    public FlagValues {
        given = Map.copyOf(given);
        notes = List.copyOf(notes);
    }

    /**
     * Puts together what is said on the command line, in the environment and in the file that they name.
     *
     * @throws ConfigException if a variable or the file has a value of another kind, or a flag is refused
     */
    public static FlagValues of(FlagArguments arguments, Map<String, String> environment)
            throws ConfigException {
        List<String> notes = new ArrayList<>();
        String file = Optional.ofNullable(arguments.values().get("config-file"))
                .or(() -> variable("CONFIG_FILE", environment)).orElse("");
        Map<String, String> given;
        if (file.isEmpty()) {
            given = merged(arguments, environment);
            unknown(environment, notes);
        } else {
            ConfigFile read = ConfigFile.read(Path.of(file));
            given = read.values();
            notes.add(
                    "configuration is that of " + file + ": other flags and variables are ignored");
            read.unknown().forEach(key -> notes.add(file + " has an unknown key: " + key));
        }
        for (Flag flag : FlagTable.all().values()) {
            note(flag, given.get(flag.name()), notes);
        }
        return new FlagValues(given, notes);
    }

    private static Map<String, String> merged(FlagArguments arguments,
            Map<String, String> environment) throws ConfigException {
        Map<String, String> given = new LinkedHashMap<>();
        for (Flag flag : FlagTable.all().values()) {
            String value = arguments.values().get(flag.name());
            if (value == null) {
                value = variable(flag.variable(), environment).orElse(null);
                if (value != null) {
                    flag.check(value);
                }
            }
            if (value != null) {
                given.put(flag.name(), value);
            }
        }
        return given;
    }

    private static Optional<String> variable(String name, Map<String, String> environment) {
        for (String prefix : PREFIXES) {
            String value = environment.getOrDefault(prefix + name, "");
            if (!value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }

    private static void unknown(Map<String, String> environment, List<String> notes) {
        Set<String> variables = new TreeSet<>();
        FlagTable.all().values().forEach(flag -> variables.add(ETCD + flag.variable()));
        for (String name : new TreeSet<>(environment.keySet())) {
            if (name.startsWith(ETCD) && !variables.contains(name) && !KNOWN.contains(name)) {
                notes.add("unrecognized environment variable: " + name);
            }
        }
    }

    private static void note(Flag flag, @Nullable String value,
            List<String> notes) throws ConfigException {
        if (value == null || value.equals(flag.byDefault())) {
            return;
        }
        switch (flag.use()) {
            case USED -> {
            }
            case IGNORED -> notes.add("--" + flag.name() + " has no effect: " + flag.text());
            case REFUSED -> {
                boolean isOff = flag.kind() == Flag.Kind.BOOL
                        && !GoValues.bool("--" + flag.name(), value);
                if (!isOff && !value.isEmpty()) {
                    throw new ConfigException("--" + flag.name() + " is refused: " + flag.text());
                }
            }
        }
    }

    /** Whether {@code name} is not left to its default. */
    public boolean has(String name) {
        return given.containsKey(name);
    }

    /** The value of {@code name} as text. */
    public String text(String name) {
        return Optional.ofNullable(given.get(name)).orElseGet(() -> flag(name).byDefault());
    }

    /** The value of a {@link Flag.Kind#BOOL}. */
    public boolean bool(String name) throws ConfigException {
        return GoValues.bool("--" + name, text(name));
    }

    /** The value of a {@link Flag.Kind#NUMBER}. */
    public long number(String name) throws ConfigException {
        return GoValues.number("--" + name, text(name));
    }

    /** The value of a {@link Flag.Kind#NUMBER} that is no more than 31 bits; larger ones become the largest. */
    public int size(String name) throws ConfigException {
        return Math.clamp(number(name), Integer.MIN_VALUE, Integer.MAX_VALUE);
    }

    /** The value of a {@link Flag.Kind#DURATION}. */
    public Duration duration(String name) throws ConfigException {
        return GoDuration.parse("--" + name, text(name));
    }

    private static Flag flag(String name) {
        return Optional.ofNullable(FlagTable.all().get(name))
                .orElseThrow(() -> new IllegalArgumentException("no flag " + name));
    }
}
