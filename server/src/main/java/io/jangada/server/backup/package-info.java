// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/**
 * Backups: the state as a file that etcd's tools restore, and the other way round. Files are written and read
 * by threads of their own, or by a command's thread; never by an event loop.
 */
@NullMarked
package io.jangada.server.backup;

import org.jspecify.annotations.NullMarked;
