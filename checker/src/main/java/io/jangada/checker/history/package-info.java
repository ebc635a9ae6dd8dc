/**
 * A history: what clients asked of a store, what they were told, and when. Immutable values, and the
 * builder that gathers them.
 */
@NullMarked
package io.jangada.checker.history;

import org.jspecify.annotations.NullMarked;
