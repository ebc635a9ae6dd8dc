// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import io.jangada.mvcc.backend.BackendException;
import io.jangada.mvcc.backend.CorruptBackendException;
import java.util.function.Consumer;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;

/**
 * What failures of RocksDB mean. Thread-safe.
 *
 * @param corrupt told of each that says that the files are not what was written
 */
record RocksFailures(Consumer<CorruptBackendException> corrupt) {
    /** What RocksDB says of a file that is not there: its Java API has no code for that. */
    private static final String NOT_THERE = "No such file or directory";

    /** The failure of {@code action}, to be thrown; told of if it has to be. */
    BackendException failure(String action, RocksDBException failed) {
        if (isDamage(failed.getStatus())) {
            CorruptBackendException damaged = new CorruptBackendException(action, failed);
            corrupt.accept(damaged);
            return damaged;
        }
        return new BackendException(action, failed);
    }

    /** The failure to open the database {@code name}. */
    static BackendException opening(String name, RocksDBException failed) {
        return isDamage(failed.getStatus())
                ? new CorruptBackendException("open " + name, failed)
                : new BackendException("open " + name, failed);
    }

    /** Whether files are not what was written, or not there: the latter shows when one is opened, perhaps to be read. */
    private static boolean isDamage(Status status) {
        if (status == null) {
            return false;
        }
        boolean isMissing = status.getCode() == Status.Code.IOError
                && String.valueOf(status.getState()).contains(NOT_THERE);
        return isMissing || status.getCode() == Status.Code.Corruption;
    }
}
