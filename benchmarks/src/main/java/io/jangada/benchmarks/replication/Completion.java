// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

/** Hears how one proposal ended. Called once, by whatever thread of the system has the answer. */
interface Completion {
    /** The proposal is over; {@code applied} is false if it was refused, lost or of unknown outcome. */
    void completed(boolean applied);
}
