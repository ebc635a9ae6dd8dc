// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.io.IOException;

/** One thing done to the cluster, and undone. Belongs to the thread that does it. */
interface Fault {
    /** What it is, for the timeline. */
    String text();

    /** Does it. */
    void begin() throws IOException, InterruptedException;

    /** Undoes it; may come before anything has recovered. */
    void end() throws IOException, InterruptedException;
}
