// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;
import io.jangada.cli.print.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether endpoints serve.
 *
 * @param endpoints in the order in which they answered
 */
public record HealthAnswer(List<Of> endpoints) implements Answer {
    /**
     * One endpoint's.
     *
     * @param endpoint where it was asked
     * @param tookNanos how long it took
     * @param error why it is not healthy; empty if it is
     */
    public record Of(String endpoint, long tookNanos, String error) {
        /** Whether it serves. */
        public boolean isHealthy() {
            return error.isEmpty();
        }
    }

    /** Copies the list. */
    public HealthAnswer {
        endpoints = List.copyOf(endpoints);
    }

    @Override
    public void simple(Lines lines) {
        for (Of one : endpoints) {
            lines.line(one.endpoint() + (one.isHealthy()
                    ? " is healthy: successfully committed proposal: took = "
                            + GoText.duration(one.tookNanos())
                    : " is unhealthy: failed to commit proposal: " + one.error()));
        }
    }

    @Override
    public Object json() {
        return endpoints.stream().map(HealthAnswer::json).toList();
    }

    private static Map<String, Object> json(Of one) {
        var json = new LinkedHashMap<String, Object>();
        json.put("endpoint", one.endpoint());
        json.put("health", one.isHealthy());
        json.put("took", GoText.duration(one.tookNanos()));
        if (!one.isHealthy()) {
            json.put("error", one.error());
        }
        return json;
    }

    @Override
    public void fields(Lines lines) {
        for (Of one : endpoints) {
            lines.quoted("Endpoint", one.endpoint()).field("Health", one.isHealthy())
                    .field("Took", GoText.duration(one.tookNanos())).field("Error", one.error())
                    .line("");
        }
    }

    @Override
    public Table table() {
        return new Table(List.of("endpoint", "health", "took", "error"),
                endpoints.stream().map(one -> List.of(one.endpoint(),
                        Boolean.toString(one.isHealthy()), GoText.duration(one.tookNanos()),
                        one.error())).toList());
    }
}
