/** What a check of a history answers. Immutable values. */
@NullMarked
package io.jangada.checker;

import org.jspecify.annotations.NullMarked;
