// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.simulation;

/** A member in one term. */
record InTerm(long member, long term) {}
