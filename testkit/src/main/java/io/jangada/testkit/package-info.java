// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** Clusters of the server inside a test's process: real members, on real sockets and files, that a test stops, cuts off and starts again. */
@NullMarked
package io.jangada.testkit;

import org.jspecify.annotations.NullMarked;
