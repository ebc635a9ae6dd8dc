/**
 * Histories as lines of JSON; docs/checker.md has the format. Nothing outside of this room knows the
 * JSON library.
 */
@NullMarked
package io.jangada.checker.json;

import org.jspecify.annotations.NullMarked;
