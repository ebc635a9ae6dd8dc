// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** The commands of etcdctl, one class each. The main thread runs them. */
@NullMarked
package io.jangada.cli.command;

import org.jspecify.annotations.NullMarked;
