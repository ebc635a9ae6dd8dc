/**
 * The check of a store that numbers its writes: replays them by their numbers. One call, one thread;
 * nothing is kept.
 */
@NullMarked
package io.jangada.checker.revision;

import org.jspecify.annotations.NullMarked;
