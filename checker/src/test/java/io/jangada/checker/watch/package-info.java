/** Tests of what watchers must be told. */
@NullMarked
package io.jangada.checker.watch;

import org.jspecify.annotations.NullMarked;
