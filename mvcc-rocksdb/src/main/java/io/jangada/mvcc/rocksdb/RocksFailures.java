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
        if (isCorruption(failed.getStatus())) {
            CorruptBackendException damaged = new CorruptBackendException(action, failed);
            corrupt.accept(damaged);
            return damaged;
        }
        return new BackendException(action, failed);
    }

    /** The failure to open the database {@code name}; of a file that it names and that is not there, too. */
    static BackendException opening(String name, RocksDBException failed) {
        Status status = failed.getStatus();
        boolean isMissing = status != null && status.getCode() == Status.Code.IOError
                && String.valueOf(status.getState()).contains(NOT_THERE);
        return isMissing || isCorruption(status)
                ? new CorruptBackendException("open " + name, failed)
                : new BackendException("open " + name, failed);
    }

    private static boolean isCorruption(Status status) {
        return status != null && status.getCode() == Status.Code.Corruption;
    }
}
