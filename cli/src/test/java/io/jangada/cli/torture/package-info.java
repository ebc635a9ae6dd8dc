// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** Tests of the tool that tortures clusters. Single-threaded but where sockets are served. */
@NullMarked
package io.jangada.cli.torture;

import org.jspecify.annotations.NullMarked;
