// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

/** What happened to a key. */
public enum EventType {
    /** It was put. */
    PUT,
    /** It was deleted. */
    DELETE
}
