// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import com.google.gson.stream.JsonWriter;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchResponse;
import java.io.IOException;
import java.io.Writer;

/** Writes histories as lines of JSON. Thread-safe: nothing is kept. */
public final class HistoryWriter {
    static final String FORMAT = "jangada-history";
    static final long VERSION = 1;

    private HistoryWriter() {}

    /** Writes {@code history}; {@code out} is neither flushed nor closed. */
    public static void write(History history, Writer out) throws IOException {
        line(out, json -> {
            json.name("format").value(FORMAT).name("version").value(VERSION).name("revision")
                    .value(history.initial().revision());
            Values.write(json, "kvs", history.initial().kvs());
            if (!history.omitted().isEmpty()) {
                json.name("omitted").beginArray();
                for (long revision : history.omitted().stream().sorted().toList()) {
                    json.value(revision);
                }
                json.endArray();
            }
        });
        for (Operation operation : history.operations()) {
            line(out, json -> write(json, operation));
        }
        for (Watch watch : history.watches()) {
            line(out, json -> WatchCodec.write(json, watch));
            for (WatchResponse response : watch.responses()) {
                line(out, json -> WatchCodec.write(json, watch.id(), response));
            }
        }
    }

    private static void write(JsonWriter json, Operation operation) throws IOException {
        json.name("id").value(operation.id()).name("client").value(operation.client()).name("call")
                .value(operation.callNanos());
        if (!operation.isUnknown()) {
            json.name("return").value(operation.returnNanos());
        }
        json.name("request");
        RequestCodec.write(json, operation.request());
        if (!operation.isUnknown()) {
            json.name("response");
            ResponseCodec.write(json, operation.response());
        }
    }

    /** What fills one line. */
    @FunctionalInterface
    private interface Filling {
        void fill(JsonWriter json) throws IOException;
    }

    private static void line(Writer out, Filling filling) throws IOException {
        JsonWriter json = new JsonWriter(out); // Not to be closed: that closes what is below.
        json.beginObject();
        filling.fill(json);
        json.endObject();
        json.flush();
        out.write('\n');
    }
}
