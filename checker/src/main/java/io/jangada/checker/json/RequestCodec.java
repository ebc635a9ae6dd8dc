// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import com.google.gson.stream.JsonWriter;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Requests, to JSON and back. Pure functions. */
final class RequestCodec {
    private RequestCodec() {}

    static void write(JsonWriter out, Request request) throws IOException {
        out.beginObject();
        switch (request) {
            case Request.Put put -> {
                out.name("type").value("put");
                Values.write(out, "key", put.key());
                Values.write(out, "value", put.value());
                Values.write(out, "lease", put.lease());
                Values.write(out, "prevKv", put.prevKv());
            }
            case Request.Range range -> {
                out.name("type").value("range");
                write(out, range.range());
                Values.write(out, "revision", range.revision());
                Values.write(out, "limit", range.limit());
                Values.write(out, "countOnly", range.content() == Request.Content.COUNT);
                Values.write(out, "serializable",
                        range.consistency() == Request.Consistency.SERIALIZABLE);
            }
            case Request.DeleteRange delete -> {
                out.name("type").value("deleteRange");
                write(out, delete.range());
                Values.write(out, "prevKv", delete.prevKv());
            }
            case Request.Txn txn -> writeTxn(out, txn);
            case Request.Compact(long revision) -> out.name("type").value("compact")
                    .name("revision").value(revision);
            case Request.LeaseGrant(long lease, long ttlSeconds) -> out.name("type")
                    .value("leaseGrant").name("lease").value(lease).name("ttl").value(ttlSeconds);
            case Request.LeaseRevoke(long lease) -> out.name("type").value("leaseRevoke")
                    .name("lease").value(lease);
            case Request.LeaseKeepAlive(long lease) -> out.name("type").value("leaseKeepAlive")
                    .name("lease").value(lease);
        }
        out.endObject();
    }

    private static void writeTxn(JsonWriter out, Request.Txn txn) throws IOException {
        out.name("type").value("txn").name("compares").beginArray();
        for (Compare compare : txn.compares()) {
            out.beginObject();
            write(out, compare.range());
            Values.write(out, "target", compare.target());
            Values.write(out, "relation", compare.relation());
            Values.write(out, "number", compare.number());
            Values.write(out, "value", compare.value());
            out.endObject();
        }
        out.endArray();
        writeOps(out, "success", txn.success());
        writeOps(out, "failure", txn.failure());
    }

    private static void writeOps(JsonWriter out, String name, List<Request.Op> ops)
            throws IOException {
        out.name(name).beginArray();
        for (Request.Op op : ops) {
            write(out, op);
        }
        out.endArray();
    }

    static void write(JsonWriter out, KeyRange range) throws IOException {
        Values.write(out, "key", range.key());
        Values.write(out, "end", range.end());
    }

    static Request read(Fields fields) throws BadFieldException {
        return switch (fields.text("type")) {
            case "compact" -> new Request.Compact(fields.number("revision"));
            case "leaseGrant" -> new Request.LeaseGrant(fields.number("lease"),
                    fields.number("ttl"));
            case "leaseRevoke" -> new Request.LeaseRevoke(fields.number("lease"));
            case "leaseKeepAlive" -> new Request.LeaseKeepAlive(fields.number("lease"));
            default -> readOp(fields);
        };
    }

    private static Request.Op readOp(Fields fields) throws BadFieldException {
        String type = fields.text("type");
        return switch (type) {
            case "put" -> new Request.Put(fields.bytes("key"), fields.bytes("value"),
                    fields.number("lease", 0), fields.flag("prevKv"));
            case "range" -> new Request.Range(readRange(fields), fields.number("revision", 0),
                    fields.number("limit", 0),
                    fields.flag("countOnly")
                            ? Request.Content.COUNT
                            : Request.Content.KEYS_AND_VALUES,
                    fields.flag("serializable")
                            ? Request.Consistency.SERIALIZABLE
                            : Request.Consistency.LINEARIZABLE);
            case "deleteRange" -> new Request.DeleteRange(readRange(fields),
                    fields.flag("prevKv"));
            case "txn" -> new Request.Txn(readCompares(fields), readOps(fields, "success"),
                    readOps(fields, "failure"));
            default -> throw new BadFieldException("no request is a " + type);
        };
    }

    static KeyRange readRange(Fields fields) throws BadFieldException {
        Bytes key = fields.bytes("key");
        return new KeyRange(key, fields.bytes("end"));
    }

    private static List<Compare> readCompares(Fields fields) throws BadFieldException {
        List<Compare> compares = new ArrayList<>();
        for (Fields each : fields.list("compares")) {
            compares.add(new Compare(readRange(each), each.choice("target", Compare.Target.class),
                    each.choice("relation", Compare.Relation.class), each.number("number", 0),
                    each.bytes("value")));
        }
        return compares;
    }

    private static List<Request.Op> readOps(Fields fields, String name) throws BadFieldException {
        List<Request.Op> ops = new ArrayList<>();
        for (Fields each : fields.list(name)) {
            ops.add(readOp(each));
        }
        return ops;
    }
}
