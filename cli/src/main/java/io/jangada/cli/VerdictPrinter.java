// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import io.jangada.checker.Verdict;
import io.jangada.checker.history.History;
import io.jangada.checker.report.Shrinker;
import io.jangada.checker.report.Timeline;
import io.jangada.checker.revision.RevisionChecker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Tells on standard output what a check of a history answered, and of a violation the smallest history that shows it. */
final class VerdictPrinter {
    private static final int UNDECIDED = 3;
    /** A longer history is shrunk with fewer checks, so that the time is about the same. */
    private static final int SHRINKING_OPERATIONS_MAX = 20_000_000;
    private static final int SHRINKING_CHECKS_MAX = 20_000;

    private VerdictPrinter() {}

    /**
     * Tells the verdict; returns the exit code: 0 passed, 1 violated, 3 undecided.
     *
     * @param html where to write a picture of a violation, if anywhere
     */
    static int tell(Verdict verdict, History history, @Nullable Path html) throws IOException {
        return switch (verdict) {
            case Verdict.Passed(var figures) -> {
                System.out.println("passed: " + figures);
                yield 0;
            }
            case Verdict.Undecided(String why) -> {
                System.out.println("undecided: " + why);
                yield UNDECIDED;
            }
            case Verdict.Violated violated -> {
                explain(violated, history, html);
                yield 1;
            }
        };
    }

    private static void explain(Verdict.Violated violated, History history, @Nullable Path html)
            throws IOException {
        System.out.println("violated: " + violated.kind() + ": " + violated.what());
        int checksMax = SHRINKING_OPERATIONS_MAX / Math.max(1, history.operations().size());
        History smallest = Shrinker.shrink(RevisionChecker::check, history, violated,
                Math.min(SHRINKING_CHECKS_MAX, checksMax)).history();
        System.out.println("the smallest history found that shows it has "
                + smallest.operations().size() + " operations and " + smallest.watches().size()
                + " watches:");
        smallest.operations().forEach(each -> System.out.println("  " + each));
        smallest.watches().forEach(each -> System.out.println("  " + each));
        if (html != null) {
            Files.writeString(html, Timeline.html(smallest, violated));
            System.out.println("picture in " + html);
        }
    }
}
