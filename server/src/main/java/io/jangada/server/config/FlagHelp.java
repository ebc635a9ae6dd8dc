// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

/** The flags as help shows them. */
public final class FlagHelp {
    private FlagHelp() {}

    /** All flags, by their groups. */
    public static String text() {
        StringBuilder help = new StringBuilder(
                """
                        Usage: jangada server [FLAGS]

                        Runs one member of a cluster. Flags, their defaults and meanings are those of etcd 3.7; each can
                        also be given as JANGADA_NAME or ETCD_NAME in the environment, or all in a --config-file.
                        """);
        String group = "";
        for (Flag flag : FlagTable.all().values()) {
            if (!flag.group().equals(group)) {
                group = flag.group();
                help.append('\n').append(group).append(":\n");
            }
            help.append("  --").append(flag.name());
            if (!flag.byDefault().isEmpty()) {
                help.append(" '").append(flag.byDefault()).append('\'');
            }
            help.append("\n        ").append(line(flag)).append('\n');
        }
        return help.toString();
    }

    private static String line(Flag flag) {
        return switch (flag.use()) {
            case USED -> flag.text();
            case IGNORED -> "Accepted without effect: " + flag.text() + ".";
            case REFUSED -> "Refused: " + flag.text() + ".";
        };
    }
}
