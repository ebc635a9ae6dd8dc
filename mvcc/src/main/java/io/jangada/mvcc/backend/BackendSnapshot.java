// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.backend;

/** An immutable state of a backend. Thread-safe; must be closed once, after its last use. */
public interface BackendSnapshot extends BackendReader, AutoCloseable {
    @Override
    void close();
}
