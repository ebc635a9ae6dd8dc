// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.torture;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** What is done to a cluster. Named on the command line in lower case, with dashes. */
public enum FaultKind {
    /** SIGKILL of one member, which is started again. */
    KILL,
    /** SIGKILL of all members, which are started again. */
    KILL_ALL,
    /** SIGSTOP of one member, and SIGCONT. */
    PAUSE,
    /** Bytes between some members stay where they are, in one direction or in both. */
    PARTITION,
    /** Bytes between some members come late. */
    DELAY,
    /** Connections between some members break, and new ones are refused. */
    DROP,
    /** Bytes between some members are changed. Only for servers that check what they get. */
    CORRUPT,
    /** One member is started again with a wall clock that is wrong. */
    CLOCK,
    /** The file system of one member is full. */
    DISK;

    /** As on the command line. */
    public String flag() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * Those of a list with commas.
     *
     * @throws IllegalArgumentException if one of them is none
     */
    public static Set<FaultKind> parse(String list) {
        Set<FaultKind> kinds = EnumSet.noneOf(FaultKind.class);
        for (String name : list.split(",", -1)) {
            kinds.add(Arrays.stream(values()).filter(kind -> kind.flag().equals(name.trim()))
                    .findFirst().orElseThrow(() -> new IllegalArgumentException(
                            "no such fault: \"" + name + "\"; there are " + all())));
        }
        return kinds;
    }

    private static String all() {
        return Arrays.stream(values()).map(FaultKind::flag).collect(Collectors.joining(", "));
    }
}
