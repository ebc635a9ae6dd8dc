// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.jangada.checker.history.Bytes;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/** An object of JSON as it was read: its fields by name and type. Immutable. */
final class Fields {
    private final JsonObject object;

    private Fields(JsonObject object) {
        this.object = object;
    }

    /** The one object that {@code line} is. */
    static Fields parse(String line) throws BadFieldException {
        try (JsonReader reader = new JsonReader(new StringReader(line))) {
            reader.setStrictness(Strictness.STRICT);
            JsonElement element = JsonParser.parseReader(reader);
            if (reader.peek() != JsonToken.END_DOCUMENT) {
                throw new BadFieldException("more than one value");
            }
            return object("it", element);
        } catch (JsonParseException | IOException | IllegalStateException ignored) {
            throw new BadFieldException("no JSON, or more than one value");
        }
    }

    boolean has(String name) {
        return object.has(name) && !object.get(name).isJsonNull();
    }

    /** A whole number. */
    long number(String name) throws BadFieldException {
        return number(name, required(name));
    }

    /** A whole number, or {@code missing}. */
    long number(String name, long missing) throws BadFieldException {
        return has(name) ? number(name) : missing;
    }

    /** A truth; false if it is not there. */
    boolean flag(String name) throws BadFieldException {
        if (!has(name)) {
            return false;
        }
        JsonElement element = object.get(name);
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isBoolean()) {
            return element.getAsBoolean();
        }
        throw new BadFieldException(name + " is neither true nor false");
    }

    String text(String name) throws BadFieldException {
        JsonElement element = required(name);
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isString()) {
            return element.getAsString();
        }
        throw new BadFieldException(name + " is no text");
    }

    /** Bytes: text, or an object with base64; none if it is not there. */
    Bytes bytes(String name) throws BadFieldException {
        if (!has(name)) {
            return Bytes.EMPTY;
        }
        if (!object.get(name).isJsonObject()) {
            return Bytes.utf8(text(name));
        }
        try {
            return Bytes.of(Base64.getDecoder().decode(fields(name).text("base64")));
        } catch (IllegalArgumentException e) {
            throw new BadFieldException(name + " is no base64: " + e.getMessage());
        }
    }

    Fields fields(String name) throws BadFieldException {
        return object(name, required(name));
    }

    /** Objects; none if it is not there. */
    List<Fields> list(String name) throws BadFieldException {
        List<Fields> list = new ArrayList<>();
        for (JsonElement element : array(name)) {
            list.add(object("an element of " + name, element));
        }
        return list;
    }

    /** Whole numbers; none if it is not there. */
    List<Long> numbers(String name) throws BadFieldException {
        List<Long> list = new ArrayList<>();
        for (JsonElement element : array(name)) {
            list.add(number("an element of " + name, element));
        }
        return list;
    }

    /** One of an enum's names in lower case. */
    <E extends Enum<E>> E choice(String name, Class<E> type) throws BadFieldException {
        String text = text(name);
        for (E each : type.getEnumConstants()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(text)) {
                return each;
            }
        }
        throw new BadFieldException(name + " is " + text);
    }

    private JsonArray array(String name) throws BadFieldException {
        if (!has(name)) {
            return new JsonArray();
        }
        if (object.get(name).isJsonArray()) {
            return object.getAsJsonArray(name);
        }
        throw new BadFieldException(name + " is no list");
    }

    private JsonElement required(String name) throws BadFieldException {
        if (has(name)) {
            return object.get(name);
        }
        throw new BadFieldException(name + " is missing");
    }

    private static Fields object(String name, JsonElement element) throws BadFieldException {
        if (element.isJsonObject()) {
            return new Fields(element.getAsJsonObject());
        }
        throw new BadFieldException(name + " is no object");
    }

    private static long number(String name, JsonElement element) throws BadFieldException {
        if (element.isJsonPrimitive() && element.getAsJsonPrimitive().isNumber()) {
            try {
                return Long.parseLong(element.getAsString());
            } catch (NumberFormatException ignored) {
                // Told below.
            }
        }
        throw new BadFieldException(name + " is no whole number of 64 bits");
    }
}
