/**
 * Linearizability against any model, without help from revisions: the algorithm of Wing and Gong with
 * Lowe's improvements, and models for it. One call, one thread; nothing is kept.
 */
@NullMarked
package io.jangada.checker.linear;

import org.jspecify.annotations.NullMarked;
