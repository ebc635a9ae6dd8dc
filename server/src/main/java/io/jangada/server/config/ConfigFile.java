// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * etcd's configuration file: YAML whose keys are the names of flags, durations in nanoseconds, and TLS
 * under {@code client-transport-security} and {@code peer-transport-security}. Immutable.
 *
 * @param values by flag name, as a command line has them
 * @param unknown keys that are no flag; etcd passes over them, too
 */
public record ConfigFile(Map<String, String> values, List<String> unknown) {
    private static final String CLIENT_TLS = "client-transport-security";
    private static final String PEER_TLS = "peer-transport-security";

    public ConfigFile {
        values = Map.copyOf(values);
        unknown = List.copyOf(unknown);
    }

    /**
     * Reads {@code file}.
     *
     * @throws ConfigException if it cannot be read, is not YAML, or has a value of another kind
     */
    public static ConfigFile read(Path file) throws ConfigException {
        Object content;
        try (Reader reader = Files.newBufferedReader(file)) {
            content = new Yaml(new SafeConstructor(new LoaderOptions())).load(reader);
        } catch (IOException unreadable) {
            throw unreadable(file, unreadable);
        } catch (YAMLException malformed) {
            if (malformed.getCause() instanceof IOException unreadable) {
                throw unreadable(file, unreadable);
            }
            throw new ConfigException("--config-file " + file + " is not YAML: "
                    + String.valueOf(malformed.getMessage()).lines().findFirst().orElse(""));
        }
        Map<String, String> values = new LinkedHashMap<>();
        List<String> unknown = new ArrayList<>();
        if (content instanceof Map<?, ?> keys) {
            for (Map.Entry<?, ?> entry : keys.entrySet()) {
                add(String.valueOf(entry.getKey()), entry.getValue(), values, unknown);
            }
        } else if (content != null) {
            throw new ConfigException(
                    "--config-file " + file + " is not a list of names and values");
        }
        return new ConfigFile(values, unknown);
    }

    private static ConfigException unreadable(Path file, IOException why) {
        String words = switch (why) {
            case NoSuchFileException ignored -> "no such file";
            case AccessDeniedException ignored -> "permission denied";
            default -> String.valueOf(why.getMessage());
        };
        return new ConfigException("--config-file " + file + " cannot be read: " + words);
    }

    private static void add(String key, Object value, Map<String, String> values,
            List<String> unknown) throws ConfigException {
        if (value instanceof Map<?, ?> section) {
            for (Map.Entry<?, ?> entry : section.entrySet()) {
                add(inSection(key, String.valueOf(entry.getKey())), entry.getValue(), values,
                        unknown);
            }
            return;
        }
        Flag flag = FlagTable.all().get(key);
        if (flag == null) {
            unknown.add(key);
        } else if (value != null) {
            String text = text(flag, value);
            flag.check(text);
            values.put(key, text);
        }
    }

    /** The flag that a key of a section stands for. */
    private static String inSection(String section, String key) {
        boolean isClients = section.equals(CLIENT_TLS);
        if (!isClients && !section.equals(PEER_TLS)) {
            return section + "." + key;
        }
        String prefix = isClients ? "" : "peer-";
        return switch (key) {
            case "crl-file" -> isClients ? "client-crl-file" : "peer-crl-file";
            case "allowed-cn", "client-cert-allowed-cn" -> "peer-cert-allowed-cn";
            case "allowed-hostname", "client-cert-allowed-hostname" ->
                isClients ? "client-cert-allowed-hostname" : "peer-cert-allowed-hostname";
            default -> prefix + key;
        };
    }

    private static String text(Flag flag, Object value) {
        if (value instanceof List<?> several) {
            return String.join(",", several.stream().map(String::valueOf).toList());
        }
        boolean isNanos = flag.kind() == Flag.Kind.DURATION && value instanceof Number;
        return isNanos ? ((Number) value).longValue() + "ns" : String.valueOf(value);
    }
}
