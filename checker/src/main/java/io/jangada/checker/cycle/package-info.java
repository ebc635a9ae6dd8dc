/**
 * Cycles of dependencies among operations, as Elle finds them (Kingsbury and Alvaro 2020), with the
 * order of versions taken from their revisions. One call, one thread; nothing is kept.
 */
@NullMarked
package io.jangada.checker.cycle;

import org.jspecify.annotations.NullMarked;
