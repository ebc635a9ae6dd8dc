/**
 * The MVCC store's backend on disk: RocksDB without its own log, because the member's log is in front.
 */
@NullMarked
package io.jangada.mvcc.rocksdb;

import org.jspecify.annotations.NullMarked;
