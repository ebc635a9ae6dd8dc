/**
 * Replays recorded traces of a Raft core: a reader of their files, a driver for each of the three
 * kinds, and the texts in which they show what happens. One thread; no test framework, so that the
 * program and the tests run the same.
 */
@NullMarked
package io.jangada.conformance;

import org.jspecify.annotations.NullMarked;
