// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** The formats of {@code --write-out}: what a command has to show is an Answer, and a Printer shows it in one of them. */
@NullMarked
package io.jangada.cli.print;

import org.jspecify.annotations.NullMarked;
