// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import io.jangada.checker.history.Compare;
import io.jangada.checker.history.KeyValue;
import java.util.List;
import java.util.Optional;

/**
 * One key of etcd without its revisions: value, version, lease. Nothing of what it needs comes from
 * the numbers that the revision-guided check trusts. Its calls are made by {@link KeyCalls}; whatever
 * was told is part of the steps. Immutable.
 */
public final class KeyModel implements Model<KeyValue, KeyCalls.Part, KeyCalls.Nothing> {

    /** The model of a key that is not there at first. */
    public KeyModel() {}

    @Override
    public KeyValue initial() {
        return KeyValue.NONE;
    }

    @Override
    public Optional<KeyValue> step(KeyValue state, KeyCalls.Part input, KeyCalls.Nothing output) {
        return effect(state, input);
    }

    @Override
    public Optional<KeyValue> effect(KeyValue state, KeyCalls.Part input) {
        return run(state, input.steps());
    }

    private static Optional<KeyValue> run(KeyValue before, List<KeyStep> steps) {
        KeyValue kv = before;
        for (KeyStep step : steps) {
            switch (step) {
                case KeyStep.Write write -> kv = new KeyValue(kv.key(), write.value(), 1, 1,
                        kv.version() + 1, write.lease());
                case KeyStep.Remove ignored -> kv = KeyValue.NONE;
                case KeyStep.RemoveLeased(long lease) -> kv = kv.lease() == lease
                        ? KeyValue.NONE
                        : kv;
                case KeyStep.Show(KeyValue shown) -> {
                    if (!kv.value().equals(shown.value()) || kv.version() != shown.version()
                            || kv.lease() != shown.lease()) {
                        return Optional.empty();
                    }
                }
                case KeyStep.Held(Compare compare) -> {
                    if (!compare.holds(kv)) {
                        return Optional.empty();
                    }
                }
            }
        }
        return Optional.of(kv);
    }
}
