// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.RaftConfig;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.tracker.Inflights;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Tells states of members apart by everything that is reachable from them, whatever fields there are
 * or will be, but for options, timers, which the exploration does not use, and scratch memory.
 */
final class Fingerprint {
    private static final Set<String> WITHOUT_MEANING = Set.of("elapsedTicks",
            "randomizedTimeoutTicks", "heartbeatElapsedTicks", "tick", "leaseStartTick",
            "scratch");

    private final Map<Class<?>, List<Field>> fields = new HashMap<>();
    private IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
    private StringBuilder text = new StringBuilder();

    String of(Object root) {
        seen = new IdentityHashMap<>();
        text = new StringBuilder(512);
        add(root);
        return text.toString();
    }

    private void add(@Nullable Object value) {
        switch (value) {
            case null -> text.append('-');
            case Number number -> text.append(number).append(',');
            case Boolean flag -> text.append(flag ? 'T' : 'F');
            case Enum<?> constant -> text.append(constant.name()).append(';');
            case String string -> text.append(string).append('"');
            case Bytes bytes -> text.append(bytes.toUtf8()).append('"');
            case RaftConfig ignored -> text.append('?');
            case Scope ignored -> text.append('?');
            case Optional<?> optional -> add(optional.orElse(null));
            default -> addObject(value);
        }
    }

    private void addObject(Object value) {
        Class<?> type = value.getClass();
        if (type.isHidden()) {
            text.append('f'); // A function.
        } else if (isMutable(type) && seen.containsKey(value)) {
            text.append('#').append(seen.get(value));
        } else if (value instanceof Inflights) {
            addRing(value);
        } else if (type.isArray()) {
            addArray(value);
        } else if (value instanceof Collection<?> all) {
            text.append('[');
            all.forEach(this::add);
            text.append(']');
        } else if (value instanceof Map<?, ?> all) {
            text.append('{');
            all.forEach((key, each) -> {
                add(key);
                add(each);
            });
            text.append('}');
        } else {
            seen.put(value, seen.size());
            text.append(type.getSimpleName()).append('(');
            fields.computeIfAbsent(type, Fingerprint::fieldsOf)
                    .forEach(field -> add(get(value, field)));
            text.append(')');
        }
    }

    /** Only objects of the core itself refer to each other in circles. */
    private static boolean isMutable(Class<?> type) {
        return type.getPackageName().equals("io.jangada.raft") && !type.isRecord();
    }

    /** What is in the window; what was in its memory before has no meaning. */
    private void addRing(Object inflights) {
        int start = (int) get(inflights, ring("start"));
        int count = (int) get(inflights, ring("count"));
        long[] indexes = (long[]) get(inflights, ring("indexes"));
        for (int i = 0; i < count; i++) {
            text.append(indexes[(start + i) % indexes.length]).append('|');
        }
    }

    private Field ring(String name) {
        return fields.computeIfAbsent(Inflights.class, Fingerprint::fieldsOf).stream()
                .filter(field -> field.getName().equals(name)).findFirst().orElseThrow();
    }

    private void addArray(Object array) {
        text.append('<');
        for (int i = 0; i < Array.getLength(array); i++) {
            add(Array.get(array, i));
        }
        text.append('>');
    }

    private static Object get(Object owner, Field field) {
        try {
            return field.get(owner);
        } catch (IllegalAccessException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static List<Field> fieldsOf(Class<?> type) {
        var fields = new ArrayList<Field>();
        for (Class<?> at = type; at != null && at != Object.class; at = at.getSuperclass()) {
            for (Field field : at.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !field.isSynthetic()
                        && !WITHOUT_MEANING.contains(field.getName())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
        }
        return fields;
    }
}
