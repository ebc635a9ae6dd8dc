/**
 * The durable log and snapshot files. {@link io.jangada.wal.Wal} belongs to the WAL loop;
 * {@link io.jangada.wal.SnapshotStore} may be used by background threads, one writer a file.
 */
@NullMarked
package io.jangada.wal;

import org.jspecify.annotations.NullMarked;
