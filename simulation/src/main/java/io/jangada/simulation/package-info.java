// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/**
 * Whole members in one thread, in virtual time, against a hostile world: a seed in, a verdict out. Everything is made
 * from the seed and belongs to the thread that runs it.
 */
@NullMarked
package io.jangada.simulation;

import org.jspecify.annotations.NullMarked;
