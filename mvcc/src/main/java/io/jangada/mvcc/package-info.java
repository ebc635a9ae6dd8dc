/**
 * The MVCC store: etcd's revision rules, ranges, transactions, watches, leases and compaction.
 *
 * <p>Knows no Raft and no gRPC. One thread, the apply loop, writes through
 * {@link io.jangada.mvcc.ApplyBatch}; any thread reads through {@link io.jangada.mvcc.ReadView};
 * the {@link io.jangada.mvcc.WatchHub} belongs to the loop that it is given.
 */
@NullMarked
package io.jangada.mvcc;

import org.jspecify.annotations.NullMarked;
