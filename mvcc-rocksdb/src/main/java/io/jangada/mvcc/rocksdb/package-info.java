/** The RocksDB backend. */
@NullMarked
package io.jangada.mvcc.rocksdb;

import org.jspecify.annotations.NullMarked;
