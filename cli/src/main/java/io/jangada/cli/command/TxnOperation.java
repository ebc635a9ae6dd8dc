// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.RequestOp;

/** The arguments of what may stand in a transaction. */
interface TxnOperation {
    /** The operation that they ask for. */
    RequestOp operation();
}
