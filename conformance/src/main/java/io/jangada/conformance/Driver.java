// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

/** What the cases of one file drive. */
interface Driver {
    /** Carries a case out and returns what it prints. */
    String run(Directive directive);
}
