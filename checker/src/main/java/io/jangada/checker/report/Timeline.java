// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.report;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.history.History;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Watch;
import io.jangada.checker.history.WatchResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A history as a page of HTML: one row a client, one bar an operation, the culprits marked, all that
 * is known of each in the text that appears over it. The page needs nothing but itself. Belongs to one
 * thread.
 *
 * <p>Time is drawn by its order: each instant at which something begins or ends is one step wide.
 */
public final class Timeline {
    private static final int STEP_PIXELS = 26;
    private static final int ROW_PIXELS = 30;
    private static final int LEFT_PIXELS = 110;
    private static final String STYLE = """
            body { font: 14px sans-serif; margin: 1.5em; background: #fff; color: #222 }
            h1 { font-size: 1.2em } .what { max-width: 60em }
            .scroll { overflow-x: auto } svg text { font: 12px sans-serif }
            .bar { fill: #9cc3e6; stroke: #4a7fb0 } .unknown { fill: #e8e0b0; stroke: #a89a4a }
            .watch { fill: #b9dcb5; stroke: #5d9457 }
            .culprit { fill: #f2a09a; stroke: #b3261e; stroke-width: 2 }
            .row { stroke: #e4e4e4 } table { border-collapse: collapse }
            td, th { border-bottom: 1px solid #ddd; padding: 2px 8px; text-align: left;
              vertical-align: top; font-size: 13px } .marked { background: #fbe3e1 }
            """;

    private final History history;
    private final Violated violated;
    private final TreeMap<Long, Integer> columns = new TreeMap<>();
    private final TreeMap<Long, Integer> rows = new TreeMap<>();
    private final StringBuilder page = new StringBuilder();

    private Timeline(History history, Violated violated) {
        this.history = history;
        this.violated = violated;
    }

    /** The page for {@code history}, which should be a short one, with its violation. */
    public static String html(History history, Violated violated) {
        return new Timeline(history, violated).html();
    }

    private String html() {
        layOut();
        page.append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>")
                .append(violated.kind()).append("</title>\n<style>\n").append(STYLE)
                .append("</style></head><body>\n<h1>").append(violated.kind())
                .append("</h1>\n<p class=\"what\">").append(escaped(violated.what()))
                .append("</p>\n<div class=\"scroll\">");
        drawing();
        page.append("</div>\n");
        table();
        page.append("</body></html>\n");
        return page.toString();
    }

    private void layOut() {
        TreeSet<Long> times = new TreeSet<>();
        TreeSet<Long> clients = new TreeSet<>();
        for (Operation each : history.operations()) {
            times.add(each.callNanos());
            if (!each.isUnknown()) {
                times.add(each.returnNanos());
            }
            clients.add(each.client());
        }
        for (Watch watch : history.watches()) {
            times.add(watch.callNanos());
            watch.responses().forEach(response -> times.add(response.atNanos()));
            clients.add(watch.client());
        }
        times.forEach(each -> columns.put(each, columns.size()));
        clients.forEach(each -> rows.put(each, rows.size()));
    }

    private void drawing() {
        int width = LEFT_PIXELS + (columns.size() + 2) * STEP_PIXELS;
        page.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(width)
                .append("\" height=\"").append((rows.size() + 1) * ROW_PIXELS).append("\">\n");
        for (Map.Entry<Long, Integer> row : rows.entrySet()) {
            int y = row.getValue() * ROW_PIXELS;
            page.append("<text x=\"4\" y=\"").append(y + 20).append("\">client ")
                    .append(row.getKey()).append("</text><line class=\"row\" x1=\"0\" x2=\"")
                    .append(width).append("\" y1=\"").append(y + ROW_PIXELS).append("\" y2=\"")
                    .append(y + ROW_PIXELS).append("\"/>\n");
        }
        for (Operation each : history.operations()) {
            int end = each.isUnknown() ? columns.size() + 1 : column(each.returnNanos());
            bar(row(each.client()), column(each.callNanos()), end, style(each),
                    String.valueOf(each.id()), told(each));
        }
        for (Watch watch : history.watches()) {
            String style = violated.watches().contains(watch) ? "bar watch culprit" : "bar watch";
            for (WatchResponse response : watch.responses()) {
                int at = column(response.atNanos());
                bar(row(watch.client()), at, at, style, "w" + watch.id(), "watch " + watch.id()
                        + " of " + watch.request().range() + ": " + response);
            }
        }
        page.append("</svg>");
    }

    private void bar(int row, int from, int to, String style, String label, String hover) {
        int x = LEFT_PIXELS + from * STEP_PIXELS;
        int y = row * ROW_PIXELS + 5;
        page.append("<g><title>").append(escaped(hover)).append("</title><rect class=\"")
                .append(style).append("\" x=\"").append(x).append("\" y=\"").append(y)
                .append("\" rx=\"3\" height=\"20\" width=\"")
                .append(Math.max(1, to - from) * STEP_PIXELS - 3).append("\"/><text x=\"")
                .append(x + 4).append("\" y=\"").append(y + 15).append("\">").append(label)
                .append("</text></g>\n");
    }

    private void table() {
        page.append("<table><tr><th>operation</th><th>client</th><th>request</th>"
                + "<th>response</th></tr>\n");
        List<Operation> byTime = new ArrayList<>(history.operations());
        byTime.sort((a, b) -> Long.compare(a.callNanos(), b.callNanos()));
        for (Operation each : byTime) {
            page.append(isCulprit(each) ? "<tr class=\"marked\"><td>" : "<tr><td>")
                    .append(each.id()).append("</td><td>").append(each.client())
                    .append("</td><td>").append(escaped(each.request().toString()))
                    .append("</td><td>").append(escaped(each.response().toString()))
                    .append("</td></tr>\n");
        }
        page.append("</table>\n");
    }

    private String style(Operation operation) {
        return isCulprit(operation) ? "bar culprit" : operation.isUnknown() ? "bar unknown" : "bar";
    }

    private boolean isCulprit(Operation operation) {
        return violated.operations().contains(operation);
    }

    private int column(long nanos) {
        return columns.getOrDefault(nanos, 0);
    }

    private int row(long client) {
        return rows.getOrDefault(client, 0);
    }

    private static String told(Operation operation) {
        return "operation " + operation.id() + ", called at " + operation.callNanos()
                + (operation.isUnknown() ? "" : ", returned at " + operation.returnNanos()) + "\n"
                + operation.request() + "\n" + operation.response();
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
                .replace("\"", "&quot;");
    }
}
