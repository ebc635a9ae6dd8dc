/** A naive store that keeps every state, and clients that make histories of it under a seed. */
@NullMarked
package io.jangada.checker.reference;

import org.jspecify.annotations.NullMarked;
