// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc.rocksdb;

import io.jangada.mvcc.ChainContract;
import io.jangada.mvcc.backend.Backend;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;

/** Chains on RocksDB. */
final class RocksChainTest extends ChainContract {
    @TempDir
    private Path folder;
    private final Map<Backend, Path> paths = new HashMap<>();

    @Override
    protected Backend newBackend() {
        return open(folder.resolve("db" + paths.size()));
    }

    @Override
    protected Backend restarted(Backend backend) {
        Path path = paths.get(backend);
        if (path == null) {
            throw new IllegalArgumentException("not one of ours");
        }
        return open(path);
    }

    private Backend open(Path path) {
        Backend backend = RocksBackend.open(path, RocksLimits.DEFAULT);
        paths.put(backend, path);
        return backend;
    }
}
