// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** How commands reach members: etcdctl's global flags, TLS, users, and the connections. One thread owns all of it. */
@NullMarked
package io.jangada.cli.client;

import org.jspecify.annotations.NullMarked;
