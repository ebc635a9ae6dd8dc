// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import com.google.gson.Strictness;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How a full log file makes way for a new one: {@code --log-rotation-config-json}. Immutable.
 *
 * @param megabytesMax 2^20 bytes after which a file is full, at least 1
 * @param ageDaysMax days of 24 h after which a full file is deleted; 0 for never
 * @param backupsMax how many full files are kept; 0 for all
 * @param localTime whether the time in their names is the machine's; else it is UTC
 * @param compress whether they are compressed, by gzip
 */
public record LogRotation(int megabytesMax, int ageDaysMax, int backupsMax, boolean localTime,
        boolean compress) {

    private static final int MEGABYTES_BY_DEFAULT = 100;
    private static final Set<String> NO_FILES = Set.of("default", "stderr", "stdout",
            "systemd/journal");
    private static final String FLAG = "--log-rotation-config-json";
    private static final Gson JSON = new GsonBuilder().setStrictness(Strictness.STRICT).create();

    /**
     * The outputs that {@code --log-outputs} names, at least one.
     *
     * @throws ConfigException if there are others beside {@code default}, as in etcd
     */
    public static List<String> outputs(FlagValues flags) throws ConfigException {
        List<String> outputs = Arrays.stream(flags.text("log-outputs").split(",", -1))
                .map(String::strip).distinct().toList();
        if (outputs.contains("")) {
            throw new ConfigException("--log-outputs has an empty name");
        }
        if (outputs.size() > 1 && outputs.contains("default")) {
            throw new ConfigException("--log-outputs: default goes with no other output");
        }
        return outputs;
    }

    /**
     * What {@code flags} say; empty if there is no rotation.
     *
     * @throws ConfigException if the log goes to no file or to several, or the description is malformed
     */
    public static Optional<LogRotation> of(FlagValues flags) throws ConfigException {
        if (!flags.bool("enable-log-rotation")) {
            return Optional.empty();
        }
        long files = outputs(flags).stream().filter(output -> !NO_FILES.contains(output)).count();
        if (files != 1) {
            throw new ConfigException("--enable-log-rotation: --log-outputs requires a single file"
                    + " path, has " + files);
        }
        return Optional.of(parse(flags.text("log-rotation-config-json")));
    }

    /* Names in any case, and others are passed over, as Go reads JSON. */
    private static LogRotation parse(String text) throws ConfigException {
        JsonObject json;
        try {
            JsonElement read = JSON.fromJson(text, JsonElement.class);
            if (read == null || !read.isJsonObject()) {
                throw new ConfigException(FLAG + ": \"" + text + "\" is not a JSON object");
            }
            json = read.getAsJsonObject();
        } catch (JsonParseException malformed) {
            throw new ConfigException(FLAG + ": \"" + text + "\" is not JSON");
        }
        int megabytes = number(json, "maxsize");
        return new LogRotation(megabytes == 0 ? MEGABYTES_BY_DEFAULT : megabytes,
                number(json, "maxage"), number(json, "maxbackups"), bool(json, "localtime"),
                bool(json, "compress"));
    }

    private static int number(JsonObject json, String name) throws ConfigException {
        JsonPrimitive value = value(json, name, new JsonPrimitive(0));
        try {
            int number = value.isNumber() ? Integer.parseInt(value.getAsString()) : -1;
            if (number >= 0) {
                return number;
            }
        } catch (NumberFormatException ignored) {
            // As below.
        }
        throw new ConfigException(FLAG + ": " + name + " is " + value
                + ", not a whole number from 0 to " + Integer.MAX_VALUE);
    }

    private static boolean bool(JsonObject json, String name) throws ConfigException {
        JsonPrimitive value = value(json, name, new JsonPrimitive(false));
        if (!value.isBoolean()) {
            throw new ConfigException(FLAG + ": " + name + " is " + value
                    + ", neither true nor false");
        }
        return value.getAsBoolean();
    }

    private static JsonPrimitive value(JsonObject json, String name, JsonPrimitive byDefault)
            throws ConfigException {
        for (String key : json.keySet()) {
            JsonElement value = json.get(key);
            if (key.equalsIgnoreCase(name) && !value.isJsonNull()) {
                if (!value.isJsonPrimitive()) {
                    throw new ConfigException(FLAG + ": " + name + " is " + value);
                }
                return value.getAsJsonPrimitive();
            }
        }
        return byDefault;
    }
}
