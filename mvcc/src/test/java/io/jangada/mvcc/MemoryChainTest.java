// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.mvcc;

import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.MemoryBackend;

/** Chains in memory. */
final class MemoryChainTest extends ChainContract {
    @Override
    protected Backend newBackend() {
        return new MemoryBackend();
    }

    @Override
    protected Backend restarted(Backend backend) {
        return ((MemoryBackend) backend).afterCrash();
    }
}
