// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** The MVCC store: etcd's revision rules over a backend, which may be one in memory. */
module io.jangada.mvcc {
    // Annotations for compilers and readers; nothing looks at them at run time.
    requires static transitive org.jspecify;
    // Keys and values are its ByteStrings. A name that its manifest gives, since it is no module itself.
    requires transitive com.google.protobuf;

    exports io.jangada.mvcc;
    exports io.jangada.mvcc.backend;
}
