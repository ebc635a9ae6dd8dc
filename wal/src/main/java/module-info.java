// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** The durable log and snapshot files over a narrow disk, which may be one in memory. */
module io.jangada.wal {
    // Annotations for compilers and readers; nothing looks at them at run time.
    requires static transitive org.jspecify;
    requires transitive io.jangada.raft;

    exports io.jangada.wal;
    exports io.jangada.wal.disk;
}
