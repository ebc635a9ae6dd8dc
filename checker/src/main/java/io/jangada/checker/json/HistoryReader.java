// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.json;

import io.jangada.checker.history.History;
import io.jangada.checker.history.InitialState;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchResponse;
import java.io.IOException;
import java.io.Reader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads histories from lines of JSON. One object, one history, one thread. */
public final class HistoryReader {
    /** The longest line that is read, in chars, if not told otherwise. */
    public static final int LINE_CHARS_MAX = 16 << 20;

    private final BoundedLines lines;
    private final List<Operation> operations = new ArrayList<>();
    private final Map<Integer, Started> watches = new LinkedHashMap<>();
    private InitialState initial = InitialState.EMPTY;
    private Set<Long> omitted = Set.of();
    private long line;

    /** A watcher that more can be told. */
    private record Started(Watch watch, List<WatchResponse> responses) {}

    private HistoryReader(Reader in, int lineCharsMax) {
        this.lines = new BoundedLines(in, lineCharsMax);
    }

    /**
     * Reads all of {@code in}, with lines of {@link #LINE_CHARS_MAX} at most.
     *
     * @throws HistoryFormatException if a line is too long, or none of a history
     */
    public static History read(Reader in) throws IOException, HistoryFormatException {
        return read(in, LINE_CHARS_MAX);
    }

    /** Reads all of {@code in}, with lines of {@code lineCharsMax} chars at most. */
    public static History read(Reader in, int lineCharsMax)
            throws IOException, HistoryFormatException {
        return new HistoryReader(in, lineCharsMax).read();
    }

    private History read() throws IOException, HistoryFormatException {
        while (true) {
            line++;
            try {
                Optional<String> text = lines.next();
                if (text.isEmpty()) {
                    break;
                }
                if (!text.get().isBlank()) {
                    take(Fields.parse(text.get()));
                }
            } catch (BadFieldException | IllegalArgumentException e) {
                throw new HistoryFormatException(line, String.valueOf(e.getMessage()));
            }
        }
        if (line == 1) {
            throw new HistoryFormatException(1, "nothing there");
        }
        return new History(initial, omitted, operations, watches.values().stream()
                .map(each -> new Watch(each.watch().id(), each.watch().client(),
                        each.watch().callNanos(), each.watch().request(), each.responses()))
                .toList());
    }

    private void take(Fields fields) throws BadFieldException {
        if (line == 1) {
            takeHead(fields);
        } else if (!fields.has("watch")) {
            operations.add(operation(fields));
        } else if (fields.has("request")) {
            takeWatch(fields);
        } else {
            Started watch = watches.get(id(fields, "watch"));
            if (watch == null) {
                throw new BadFieldException("watch " + fields.number("watch") + " has not begun");
            }
            watch.responses().add(WatchCodec.readResponse(fields));
        }
    }

    private void takeHead(Fields fields) throws BadFieldException {
        if (!fields.text("format").equals(HistoryWriter.FORMAT)
                || fields.number("version") != HistoryWriter.VERSION) {
            throw new BadFieldException("not format " + HistoryWriter.FORMAT + ", version "
                    + HistoryWriter.VERSION);
        }
        initial = new InitialState(fields.number("revision"), Values.readKvs(fields, "kvs"));
        omitted = new HashSet<>(fields.numbers("omitted"));
    }

    private void takeWatch(Fields fields) throws BadFieldException {
        int id = id(fields, "watch");
        Watch watch = new Watch(id, fields.number("client"), fields.number("call"),
                WatchCodec.readRequest(fields.fields("request")), List.of());
        if (watches.putIfAbsent(id, new Started(watch, new ArrayList<>())) != null) {
            throw new BadFieldException("watch " + id + " begins twice");
        }
    }

    private Operation operation(Fields fields) throws BadFieldException {
        int id = fields.has("id") ? id(fields, "id") : operations.size();
        Request request = RequestCodec.read(fields.fields("request"));
        long call = fields.number("call");
        return fields.has("response")
                ? new Operation(id, fields.number("client"), call, fields.number("return"), request,
                        ResponseCodec.read(fields.fields("response")))
                : new Operation(id, fields.number("client"), call, Operation.NEVER, request,
                        new Response.Unknown());
    }

    private static int id(Fields fields, String name) throws BadFieldException {
        long number = fields.number(name);
        if (number < 0 || number > Integer.MAX_VALUE) {
            throw new BadFieldException(name + " is " + number);
        }
        return (int) number;
    }
}
