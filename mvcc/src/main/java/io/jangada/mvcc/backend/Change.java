// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

import com.google.protobuf.ByteString;

/** What a batch does to one row. */
public sealed interface Change {
    /** The row gets {@code value}. */
    record Put(ByteString value) implements Change {}

    /** The row goes. */
    record Delete() implements Change {}
}
