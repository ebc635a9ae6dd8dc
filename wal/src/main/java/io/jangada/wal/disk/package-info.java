/**
 * The port through which every byte reaches the disk, the real disk behind it, and one in memory
 * that crashes, tears and fills up on demand.
 */
@NullMarked
package io.jangada.wal.disk;

import org.jspecify.annotations.NullMarked;
