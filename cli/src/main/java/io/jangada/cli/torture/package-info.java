// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/**
 * A cluster of real processes under load and faults, whose clients write down what they are told (docs/torture.md). Each
 * class says which thread it belongs to.
 */
@NullMarked
package io.jangada.cli.torture;

import org.jspecify.annotations.NullMarked;
