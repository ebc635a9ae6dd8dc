// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** The programs that README.md and docs/embedding.md show, which use what an embedder can use, as tests. */
@NullMarked
package io.jangada.examples;

import org.jspecify.annotations.NullMarked;
