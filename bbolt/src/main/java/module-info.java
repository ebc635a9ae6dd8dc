// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** Files in bbolt's format, in which etcd keeps its state. */
module io.jangada.bbolt {
    // Annotations for compilers and readers; nothing looks at them at run time.
    requires static transitive org.jspecify;

    exports io.jangada.bbolt;
}
