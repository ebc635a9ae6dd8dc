// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.History;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.revision.RevisionChecker;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final long SECOND = 1_000_000_000;
    private static final Request.Put PUT = new Request.Put(Bytes.utf8("a"), Bytes.utf8("1"));
    private static final Request.Range GET = new Request.Range(Bytes.utf8("a"));

    /** Writes at 1 s and 4 s; reads, refusals and what is unknown between do not count. */
    private static History history() {
        HistoryBuilder builder = History.builder();
        builder.add(1, 0, SECOND, PUT, new Response.Put(2));
        builder.addUnknown(1, 2 * SECOND, new Request.Put(Bytes.utf8("b"), Bytes.utf8("2")));
        builder.add(2, 2 * SECOND, 3 * SECOND, PUT,
                new Response.Refused(Response.Reason.OTHER));
        builder.add(2, 3 * SECOND, 3 * SECOND, new Request.Range(Bytes.utf8("none")),
                new Response.Range(2, List.of()));
        builder.add(2, 3 * SECOND, 4 * SECOND, PUT, new Response.Put(3));
        return builder.build();
    }

    @Test
    void tellsTheFiguresOfARun() {
        History history = history();
        Report report = new Report(1, history, Duration.ofSeconds(5),
                Map.of(FaultKind.PAUSE, 2, FaultKind.KILL_ALL, 1), 1, 4, List.of(),
                RevisionChecker.check(history), Duration.ofMillis(100));
        assertThat(report.lines()).contains(
                "operations      5, 1/s: 3 acknowledged, 1 refused, 1 unknown",
                "faults          kill-all 1, pause 2",
                "members         4 terms with a leader seen, 1 ends by themselves",
                "unavailable     3.000 s at the longest without an acknowledged write",
                "checked         in 0.100 s, 50 operations/s");
        assertThat(report.exitCode()).isZero();
    }

    @Test
    void theTimeAfterTheLastWriteCountsAsUnavailable() {
        HistoryBuilder builder = History.builder();
        builder.add(1, 0, SECOND, PUT, new Response.Put(2));
        builder.addUnknown(1, 9 * SECOND, GET);
        assertThat(report(builder.build(), List.of(), new Verdict.Undecided("x"))
                .longestUnavailable()).isEqualTo(Duration.ofSeconds(8));
    }

    @Test
    void theExitCodeTellsTheWorst() {
        History empty = History.builder().build();
        Verdict passed = RevisionChecker.check(empty);
        assertThat(report(empty, List.of(), passed).exitCode()).isZero();
        assertThat(report(empty, List.of(), new Verdict.Undecided("steps")).exitCode())
                .isEqualTo(3);
        Report broken = report(empty, List.of("members differ"), passed);
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.lines()).contains("broken          members differ");
    }

    private static Report report(History history, List<String> broken, Verdict verdict) {
        return new Report(1, history, Duration.ofSeconds(10), Map.of(), 0, 1, broken, verdict,
                Duration.ofMillis(1));
    }
}
