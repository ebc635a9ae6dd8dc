/**
 * Ordered key-value storage under the MVCC store: a few tables, atomic batches, consistent snapshots.
 *
 * <p>Knows nothing of revisions. {@link io.jangada.mvcc.backend.MemoryBackend} is for tests and the
 * simulator; the one on disk is a module of its own.
 */
@NullMarked
package io.jangada.mvcc.backend;

import org.jspecify.annotations.NullMarked;
