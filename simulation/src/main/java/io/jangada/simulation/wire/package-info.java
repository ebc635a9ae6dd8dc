// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** Between the checker's words and etcd's messages, for whoever records a history of etcd's API. Immutable, pure. */
@NullMarked
package io.jangada.simulation.wire;

import org.jspecify.annotations.NullMarked;
