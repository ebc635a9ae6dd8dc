// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** Clusters of a state machine of the test's own: in the thread of the test, in virtual time, on disks in memory. */
@NullMarked
package io.jangada.testkit.raft;

import org.jspecify.annotations.NullMarked;
