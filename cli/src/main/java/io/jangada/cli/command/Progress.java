// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.print.GoText;
import java.io.PrintStream;

/** A line on a terminal that says how far something is; nothing where there is no terminal. One thread's. */
final class Progress {
    private static final int WIDTH = 30;
    private static final int PERCENT = 100;

    private final String what;
    private final PrintStream out;
    private final boolean shown;
    private long lastPercent = -1;

    /** On {@code out}, if {@code shown}. */
    Progress(String what, PrintStream out, boolean shown) {
        this.what = what;
        this.out = out;
        this.shown = shown;
    }

    /** On standard error, if that is a terminal: the launcher says so, as Java cannot tell before 22. */
    static Progress onTerminal(String what) {
        return new Progress(what, System.err, Boolean.getBoolean("jangada.terminal.err"));
    }

    /** {@code done} of {@code all} bytes. */
    void show(long done, long all) {
        long percent = all == 0 ? PERCENT : done * PERCENT / all;
        if (shown && percent != lastPercent) {
            lastPercent = percent;
            int bars = (int) (percent * WIDTH / PERCENT);
            out.print("\r" + what + " [" + "=".repeat(bars) + " ".repeat(WIDTH - bars) + "] "
                    + percent + " % of " + GoText.size(all));
            out.flush();
        }
    }

    /** Leaves the line. */
    void end() {
        if (shown && lastPercent >= 0) {
            out.println();
        }
    }
}
