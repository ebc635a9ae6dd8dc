// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

/**
 * One run of a member on its data directory. Immutable.
 *
 * @param number counts the starts on the directory, from 1
 * @param nonce drawn at the start, so that two copies of a directory have incarnations that differ
 */
record Incarnation(long number, long nonce) {}
