// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Events of Java Flight Recorder. They extend the recorder's own class, as it wants it; one that is not
 * switched on is not even allocated once its code is compiled.
 */
final class FlightEvents {
    private FlightEvents() {}

    /** A proposal has ended. */
    @Name("jangada.Proposal")
    @Label("Proposal")
    @Description("A proposal of this member has ended")
    @Category("Jangada")
    @StackTrace(false)
    static final class Proposal extends Event {
        @Label("Group")
        long group;

        @Label("End")
        String end = "";

        @Label("Latency")
        @Timespan(Timespan.NANOSECONDS)
        long latency;
    }

    /** The log was forced. */
    @Name("jangada.WalForce")
    @Label("WAL Force")
    @Description("The write-ahead log was written and forced")
    @Category("Jangada")
    @StackTrace(false)
    static final class WalForce extends Event {
        @Label("Took")
        @Timespan(Timespan.NANOSECONDS)
        long took;
    }

    /** Another member leads. */
    @Name("jangada.LeaderChange")
    @Label("Leader Change")
    @Description("Another member leads, or nobody")
    @Category("Jangada")
    @StackTrace(false)
    static final class LeaderChange extends Event {
        @Label("Group")
        long group;

        @Label("Leader")
        long leader;

        @Label("Term")
        long term;
    }

    /** A snapshot was taken here, or came from the leader. */
    @Name("jangada.Snapshot")
    @Label("Snapshot")
    @Description("The state became durable here, or was replaced by the leader's")
    @Category("Jangada")
    @StackTrace(false)
    static final class Snapshot extends Event {
        @Label("Group")
        long group;

        @Label("Index")
        long index;

        @Label("Installed")
        @Description("Whether it came from the leader")
        boolean installed;
    }
}
