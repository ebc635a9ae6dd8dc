// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.model;

import java.util.List;

/**
 * A change of membership as it is proposed, logged and applied (Raft thesis 4; etcd raftpb:
 * ConfChange and ConfChangeV2). Immutable.
 */
public sealed interface ConfChange {

    /** Data of the application's own, logged with the change. */
    Bytes context();

    /** The steps. */
    List<ConfChangeSingle> changes();

    /** How it is put into force; the old kind is always {@link ConfChangeTransition#AUTO}. */
    ConfChangeTransition transition();

    /** Under which type the change is logged. */
    EntryType entryType();

    /**
     * The old kind: one step.
     *
     * @param id an id of the application's own (etcd raftpb: ConfChange.id)
     * @param change the step
     * @param context data of the application's own
     */
    record V1(long id, ConfChangeSingle change, Bytes context) implements ConfChange {
        @Override
        public List<ConfChangeSingle> changes() {
            return List.of(change);
        }

        @Override
        public ConfChangeTransition transition() {
            return ConfChangeTransition.AUTO;
        }

        @Override
        public EntryType entryType() {
            return EntryType.CONF_CHANGE;
        }
    }

    /**
     * The new kind: any number of steps; none, with {@link ConfChangeTransition#AUTO}, leaves a joint
     * configuration.
     *
     * @param transition how it is put into force
     * @param changes the steps
     * @param context data of the application's own
     */
    record V2(ConfChangeTransition transition, List<ConfChangeSingle> changes, Bytes context)
            implements
                ConfChange {
        public V2 {
            changes = List.copyOf(changes);
        }

        @Override
        public EntryType entryType() {
            return EntryType.CONF_CHANGE_V2;
        }
    }
}
