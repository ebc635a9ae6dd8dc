/** What a watcher must be told of a log of events. Pure functions over values. */
@NullMarked
package io.jangada.checker.watch;

import org.jspecify.annotations.NullMarked;
