// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.raft.LocalEvent;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;

/** What lies in the one queue of the harness. */
sealed interface Letter {
    /** The node that gets it. */
    long to();

    /** The name of its kind. */
    String type();

    /** Its text. */
    String text();

    /** Whether it never leaves its process. */
    boolean isLocal();

    /** From one core to another, or to itself. */
    record Peer(Message message) implements Letter {
        @Override
        public long to() {
            return message.to();
        }

        @Override
        public String type() {
            return Text.type(message);
        }

        @Override
        public String text() {
            return Text.message(message);
        }

        @Override
        public boolean isLocal() {
            return message.from() == message.to();
        }
    }

    /** From a node's append thread. */
    record Appended(long to, LocalEvent.StorageAppended event,
            Snapshot snapshot) implements Letter {
        static Appended of(long to, StorageAppend append, LocalEvent.StorageAppended event) {
            return new Appended(to, event, append.snapshot());
        }

        @Override
        public String type() {
            return "MsgStorageAppendResp";
        }

        @Override
        public String text() {
            return Text.storageAppended(to, event, snapshot);
        }

        @Override
        public boolean isLocal() {
            return true;
        }
    }

    /** From a node's apply thread. */
    record Applied(long to, LocalEvent.StorageApplied event) implements Letter {
        @Override
        public String type() {
            return "MsgStorageApplyResp";
        }

        @Override
        public String text() {
            return Text.storageApplied(to, event);
        }

        @Override
        public boolean isLocal() {
            return true;
        }
    }
}
