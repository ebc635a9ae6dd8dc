// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** Checks recorded histories of a store that numbers its writes, such as etcd. */
module io.jangada.checker {
    // Annotations for compilers and readers; nothing looks at them at run time.
    requires static transitive org.jspecify;
    // Behind io.jangada.checker.json, which shows nothing of it.
    requires com.google.gson;

    exports io.jangada.checker;
    exports io.jangada.checker.etcd;
    exports io.jangada.checker.history;
    exports io.jangada.checker.revision;
    exports io.jangada.checker.watch;
}
