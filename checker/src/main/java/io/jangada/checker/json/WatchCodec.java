// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import com.google.gson.stream.JsonWriter;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchRequest;
import io.jangada.checker.history.WatchResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** Watchers and what they are told, to JSON and back. Pure functions. */
final class WatchCodec {
    private WatchCodec() {}

    /** The fields of the line that begins a watcher. */
    static void write(JsonWriter out, Watch watch) throws IOException {
        WatchRequest request = watch.request();
        out.name("watch").value(watch.id()).name("client").value(watch.client()).name("call")
                .value(watch.callNanos()).name("request").beginObject();
        RequestCodec.write(out, request.range());
        Values.write(out, "start", request.startRevision());
        Values.write(out, "prevKv", request.prevKv());
        Values.write(out, "noPut", request.suppressed().contains(Event.Kind.PUT));
        Values.write(out, "noDelete", request.suppressed().contains(Event.Kind.DELETE));
        out.endObject();
    }

    static WatchRequest readRequest(Fields fields) throws BadFieldException {
        Set<Event.Kind> suppressed = EnumSet.noneOf(Event.Kind.class);
        if (fields.flag("noPut")) {
            suppressed.add(Event.Kind.PUT);
        }
        if (fields.flag("noDelete")) {
            suppressed.add(Event.Kind.DELETE);
        }
        return new WatchRequest(RequestCodec.readRange(fields), fields.number("start", 0),
                fields.flag("prevKv"), suppressed);
    }

    /** The fields of the line of one response. */
    static void write(JsonWriter out, int watch, WatchResponse response) throws IOException {
        out.name("watch").value(watch).name("at").value(response.atNanos()).name("type");
        switch (response) {
            case WatchResponse.Created(long ignored, long revision) -> out.value("created")
                    .name("revision").value(revision);
            case WatchResponse.Progress(long ignored, long revision) -> out.value("progress")
                    .name("revision").value(revision);
            case WatchResponse.Compacted(long ignored, long revision) -> out.value("compacted")
                    .name("revision").value(revision);
            case WatchResponse.Events(long ignored, long revision, List<Event> events) -> {
                out.value("events").name("revision").value(revision).name("events").beginArray();
                for (Event event : events) {
                    write(out, event);
                }
                out.endArray();
            }
        }
    }

    static WatchResponse readResponse(Fields fields) throws BadFieldException {
        long at = fields.number("at");
        String type = fields.text("type");
        long revision = fields.number("revision");
        return switch (type) {
            case "created" -> new WatchResponse.Created(at, revision);
            case "progress" -> new WatchResponse.Progress(at, revision);
            case "compacted" -> new WatchResponse.Compacted(at, revision);
            case "events" -> new WatchResponse.Events(at, revision, readEvents(fields));
            default -> throw new BadFieldException("no response of a watch is " + type);
        };
    }

    private static void write(JsonWriter out, Event event) throws IOException {
        out.beginObject();
        Values.write(out, "type", event.kind());
        out.name("kv");
        Values.write(out, event.kv());
        if (event.prevKv().isPresent()) {
            out.name("prev");
            Values.write(out, event.prevKv());
        }
        out.endObject();
    }

    private static List<Event> readEvents(Fields fields) throws BadFieldException {
        List<Event> events = new ArrayList<>();
        for (Fields each : fields.list("events")) {
            events.add(new Event(each.choice("type", Event.Kind.class),
                    Values.readKv(each.fields("kv")), Values.readKv(each, "prev")));
        }
        return events;
    }
}
