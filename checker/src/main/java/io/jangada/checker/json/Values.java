// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import com.google.gson.stream.JsonWriter;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.KeyValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Bytes, numbers and versions of keys; what is 0, empty or false is left out. Pure functions. */
final class Values {
    private Values() {}

    static void write(JsonWriter out, String name, Bytes bytes) throws IOException {
        if (bytes.isEmpty()) {
            return;
        }
        Optional<String> text = bytes.text();
        out.name(name);
        if (text.isPresent()) {
            out.value(text.get());
        } else {
            out.beginObject().name("base64")
                    .value(Base64.getEncoder().encodeToString(bytes.toByteArray())).endObject();
        }
    }

    static void write(JsonWriter out, String name, long number) throws IOException {
        if (number != 0) {
            out.name(name).value(number);
        }
    }

    static void write(JsonWriter out, String name, boolean flag) throws IOException {
        if (flag) {
            out.name(name).value(true);
        }
    }

    static void write(JsonWriter out, String name, Enum<?> choice) throws IOException {
        out.name(name).value(choice.name().toLowerCase(Locale.ROOT));
    }

    static void write(JsonWriter out, KeyValue kv) throws IOException {
        out.beginObject();
        write(out, "key", kv.key());
        write(out, "value", kv.value());
        write(out, "create", kv.createRevision());
        write(out, "mod", kv.modRevision());
        write(out, "version", kv.version());
        write(out, "lease", kv.lease());
        out.endObject();
    }

    static void write(JsonWriter out, String name, List<KeyValue> kvs) throws IOException {
        if (kvs.isEmpty()) {
            return;
        }
        out.name(name).beginArray();
        for (KeyValue kv : kvs) {
            write(out, kv);
        }
        out.endArray();
    }

    static KeyValue readKv(Fields fields) throws BadFieldException {
        return new KeyValue(fields.bytes("key"), fields.bytes("value"), fields.number("create", 0),
                fields.number("mod"), fields.number("version", 0), fields.number("lease", 0));
    }

    static KeyValue readKv(Fields fields, String name) throws BadFieldException {
        return fields.has(name) ? readKv(fields.fields(name)) : KeyValue.NONE;
    }

    static List<KeyValue> readKvs(Fields fields, String name) throws BadFieldException {
        List<KeyValue> kvs = new ArrayList<>();
        for (Fields each : fields.list(name)) {
            kvs.add(readKv(each));
        }
        return kvs;
    }
}
