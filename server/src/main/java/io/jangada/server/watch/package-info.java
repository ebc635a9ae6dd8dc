/** Watch streams over the hub of the store. Owned by the watch loop. */
@NullMarked
package io.jangada.server.watch;

import org.jspecify.annotations.NullMarked;
