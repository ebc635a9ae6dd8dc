/** The durable log and snapshot files. Owned by the WAL loop. */
@NullMarked
package io.jangada.wal;

import org.jspecify.annotations.NullMarked;
