// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
/** A program of an embedder, who names nothing but raftnode. */
module app {
    requires io.jangada.raftnode;
}
