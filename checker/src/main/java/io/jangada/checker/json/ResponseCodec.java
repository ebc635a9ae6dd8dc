// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import com.google.gson.stream.JsonWriter;
import io.jangada.checker.history.Response;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Responses, to JSON and back; an unknown outcome is none at all. Pure functions. */
final class ResponseCodec {
    private ResponseCodec() {}

    static void write(JsonWriter out, Response response) throws IOException {
        out.beginObject();
        switch (response) {
            case Response.Unknown ignored -> throw new IllegalArgumentException("no response");
            case Response.Refused(Response.Reason reason) -> {
                out.name("type").value("refused");
                Values.write(out, "reason", reason);
            }
            case Response.Done done -> writeDone(out, done);
        }
        out.endObject();
    }

    private static void writeDone(JsonWriter out, Response.Done done) throws IOException {
        switch (done) {
            case Response.Put put -> {
                begin(out, "put", done);
                if (put.prevKv().isPresent()) {
                    out.name("prev");
                    Values.write(out, put.prevKv());
                }
            }
            case Response.Range range -> {
                begin(out, "range", done);
                Values.write(out, "kvs", range.kvs());
                out.name("count").value(range.count());
                Values.write(out, "more", range.more());
            }
            case Response.DeleteRange delete -> {
                begin(out, "deleteRange", done);
                out.name("deleted").value(delete.deleted());
                Values.write(out, "prevs", delete.prevKvs());
            }
            case Response.Txn txn -> {
                begin(out, "txn", done);
                out.name("succeeded").value(txn.succeeded()).name("responses").beginArray();
                for (Response.Done each : txn.responses()) {
                    write(out, each);
                }
                out.endArray();
            }
            case Response.Compact ignored -> begin(out, "compact", done);
            case Response.LeaseGrant grant -> {
                begin(out, "leaseGrant", done);
                out.name("lease").value(grant.lease()).name("ttl").value(grant.ttlSeconds());
            }
            case Response.LeaseRevoke ignored -> begin(out, "leaseRevoke", done);
            case Response.LeaseKeepAlive keepAlive -> {
                begin(out, "leaseKeepAlive", done);
                out.name("ttl").value(keepAlive.ttlSeconds());
            }
        }
    }

    private static void begin(JsonWriter out, String type, Response.Done done)
            throws IOException {
        out.name("type").value(type);
        Values.write(out, "revision", done.revision());
    }

    static Response read(Fields fields) throws BadFieldException {
        return fields.text("type").equals("refused")
                ? new Response.Refused(fields.choice("reason", Response.Reason.class))
                : readDone(fields);
    }

    private static Response.Done readDone(Fields fields) throws BadFieldException {
        String type = fields.text("type");
        long revision = fields.number("revision", 0);
        return switch (type) {
            case "put" -> new Response.Put(revision, Values.readKv(fields, "prev"));
            case "range" -> new Response.Range(revision, Values.readKvs(fields, "kvs"),
                    fields.number("count"), fields.flag("more"));
            case "deleteRange" -> new Response.DeleteRange(revision, fields.number("deleted"),
                    Values.readKvs(fields, "prevs"));
            case "txn" -> {
                List<Response.Done> parts = new ArrayList<>();
                for (Fields each : fields.list("responses")) {
                    parts.add(readDone(each));
                }
                yield new Response.Txn(revision, fields.flag("succeeded"), parts);
            }
            case "compact" -> new Response.Compact(revision);
            case "leaseGrant" -> new Response.LeaseGrant(revision, fields.number("lease"),
                    fields.number("ttl"));
            case "leaseRevoke" -> new Response.LeaseRevoke(revision);
            case "leaseKeepAlive" -> new Response.LeaseKeepAlive(revision, fields.number("ttl"));
            default -> throw new BadFieldException("no response is a " + type);
        };
    }
}
