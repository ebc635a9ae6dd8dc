// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.jangada.server.member.LocalMember;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A probe made of checks, such as {@code /readyz}: {@code ok}, or 503 with a line for each check. With
 * {@code verbose} the lines come with {@code ok}, too; {@code exclude=CHECK} leaves one out (etcd:
 * CheckRegistry).
 *
 * @param member empty while it starts
 * @param checks what is asked, in this order
 */
record ChecksEndpoint(Supplier<Optional<LocalMember>> member, List<MemberCheck> checks)
        implements
            HttpEndpoint {
    private static final Logger LOGGER = LoggerFactory.getLogger(ChecksEndpoint.class);

    ChecksEndpoint {
        checks = List.copyOf(checks);
    }

    /** {@code path} with all {@code checks}, and one path below it for each. */
    static Map<String, HttpEndpoint> at(String path, Supplier<Optional<LocalMember>> member,
            List<MemberCheck> checks) {
        Map<String, HttpEndpoint> endpoints = new TreeMap<>();
        endpoints.put(path, new ChecksEndpoint(member, checks));
        for (MemberCheck check : checks) {
            endpoints.put(path + "/" + check.label(), new ChecksEndpoint(member, List.of(check)));
        }
        return endpoints;
    }

    @Override
    public void handle(HttpExchange exchange) {
        if (!exchange.isGet()) {
            return;
        }
        LocalMember present = member.get().orElse(null);
        if (present == null) {
            exchange.send(HttpResponseStatus.SERVICE_UNAVAILABLE, HttpExchange.TEXT, "starting\n");
            return;
        }
        ask(exchange, present, asked(exchange));
    }

    /* A single check cannot be left out: nothing would be asked. */
    private List<MemberCheck> asked(HttpExchange exchange) {
        List<String> excluded = exchange.parameter("exclude");
        boolean isSingle = exchange.path().endsWith("/" + checks.getFirst().label());
        if (excluded.isEmpty() || isSingle) {
            return checks;
        }
        for (String name : excluded) {
            if (checks.stream().noneMatch(check -> check.label().equals(name))) {
                LOGGER.warn("a health check that does not exist cannot be excluded check={}", name);
            }
        }
        return checks.stream().filter(check -> !excluded.contains(check.label())).toList();
    }

    private static void ask(HttpExchange exchange, LocalMember present, List<MemberCheck> asked) {
        if (asked.isEmpty()) {
            answer(exchange, List.of());
            return;
        }
        List<String> problems = new ArrayList<>();
        asked.forEach(ignored -> problems.add(""));
        int[] open = {asked.size()};
        for (int i = 0; i < asked.size(); i++) {
            int index = i;
            MemberCheck check = asked.get(i);
            check.ask(present, problem -> exchange.inLoop(() -> {
                problems.set(index, problem.isEmpty()
                        ? "[+]" + check.label() + " ok\n"
                        : "[-]" + check.label() + " failed: " + problem + "\n");
                if (--open[0] == 0) {
                    answer(exchange, problems);
                }
            }));
        }
    }

    private static void answer(HttpExchange exchange, List<String> lines) {
        boolean isWell = lines.stream().allMatch(line -> line.startsWith("[+]"));
        String all = String.join("", lines);
        if (!isWell) {
            exchange.send(HttpResponseStatus.SERVICE_UNAVAILABLE, HttpExchange.TEXT, all);
        } else {
            boolean isVerbose = !exchange.parameter("verbose").isEmpty();
            exchange.send(HttpResponseStatus.OK, HttpExchange.TEXT,
                    (isVerbose ? all : "") + "ok\n");
        }
    }
}
