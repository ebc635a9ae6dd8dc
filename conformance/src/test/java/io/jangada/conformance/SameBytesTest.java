// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The same script run twice gives the same bytes: all messages, Readys and lines of the log. */
class SameBytesTest {
    private static final int COMMANDS = 600;

    private record Command(String text, String input) {}

    private static List<Command> script(long seed) {
        var random = new Random(seed);
        var script = new ArrayList<Command>();
        script.add(new Command("add-nodes 4 voters=(1,2,3) learners=(4) index=2 prevote="
                + random.nextBoolean() + " checkquorum=" + random.nextBoolean() + " inflight="
                + (1 + random.nextInt(4)) + " async-storage-writes=" + random.nextBoolean(), ""));
        while (script.size() < COMMANDS) {
            script.add(command(random, 1 + random.nextInt(4), 1 + random.nextInt(4)));
        }
        return script;
    }

    private static Command command(Random random, int node, int other) {
        String[] texts = {
            "tick-heartbeat " + node,
            "tick-election " + node,
            "campaign " + node,
            "propose " + node + " data" + random.nextInt(1000),
            "deliver-msgs " + node + " drop=(" + other + ")",
            "deliver-msgs " + node + " " + other,
            "report-unreachable " + node + " " + other,
            "transfer-leadership from=" + node + " to=" + other,
            "forget-leader " + node,
            "stabilize " + node + " " + other,
            "stabilize",
            "raft-log " + node,
            "status " + node,
            "raft-state"};
        if (random.nextInt(20) == 0) {
            return new Command("propose-conf-change " + node,
                    (random.nextBoolean() ? "v" : "l") + (2 + random.nextInt(3)));
        }
        return new Command(texts[random.nextInt(texts.length)], "");
    }

    private static String run(List<Command> script) throws MalformedTraceException {
        var driver = new InteractionDriver();
        var text = new StringBuilder();
        for (Command command : script) {
            text.append("# ").append(command.text()).append('\n').append(driver.run(
                    Directive.parse(1, command.text(), command.input(), ""))).append('\n');
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void sameScriptSameBytes(long seed) throws MalformedTraceException {
        String first = run(script(seed));
        assertThat(first).contains("became leader", "CommittedEntries:");
        assertThat(run(script(seed))).as("seed %s", seed).isEqualTo(first);
    }

    @Test
    void otherScriptsOtherBytes() throws MalformedTraceException {
        assertThat(run(script(1))).isNotEqualTo(run(script(2)));
    }
}
