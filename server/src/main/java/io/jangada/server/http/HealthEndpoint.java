// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.api.etcd.AlarmType;
import io.jangada.server.member.LocalMember;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * {@code /health}: one line of JSON that says whether this member and its cluster serve. With
 * {@code serializable=true} this member alone is asked; {@code exclude=NOSPACE} does not mind that alarm
 * (etcd: checkHealth).
 *
 * @param member empty while it starts
 */
record HealthEndpoint(Supplier<Optional<LocalMember>> member) implements HttpEndpoint {
    private static final String NO_LEADER = "RAFT NO LEADER";

    @Override
    public void handle(HttpExchange exchange) {
        if (!exchange.isGet()) {
            return;
        }
        LocalMember present = member.get().orElse(null);
        if (present == null) {
            answer(exchange, NO_LEADER);
            return;
        }
        List<String> excluded = exchange.parameter("exclude");
        for (AlarmType alarm : MemberCheck.alarms(present)) {
            if (!excluded.contains(alarm.name())) {
                answer(exchange, "ALARM " + alarm.name());
                return;
            }
        }
        boolean isLocal = exchange.parameter("serializable").contains("true");
        if (!isLocal && present.status().leader() == 0) {
            answer(exchange, NO_LEADER);
            return;
        }
        MemberCheck read = isLocal ? MemberCheck.SERIALIZABLE_READ : MemberCheck.LINEARIZABLE_READ;
        read.ask(present, problem -> answer(exchange,
                problem.isEmpty() ? "" : "RANGE ERROR:" + problem.replace("range error: ", "")));
    }

    private static void answer(HttpExchange exchange, String reason) {
        exchange.send(reason.isEmpty()
                ? HttpResponseStatus.OK
                : HttpResponseStatus.SERVICE_UNAVAILABLE, HttpExchange.JSON,
                "{\"health\":\"" + reason.isEmpty() + "\",\"reason\":\"" + escaped(reason) + "\"}");
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\\\").replace("\"", "\\\"");
    }
}
