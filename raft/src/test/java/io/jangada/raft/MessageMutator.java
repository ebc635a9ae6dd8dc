// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft;

import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfState;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.EntryType;
import io.jangada.raft.model.Message;
import io.jangada.raft.model.Snapshot;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/** Spoils messages: whatever their kind, each field may become something that nobody would send. */
final class MessageMutator {
    private static final List<Class<?>> KINDS = List.of(Message.class.getPermittedSubclasses());

    private final Random random;

    MessageMutator(Random random) {
        this.random = random;
    }

    /** {@code message} with some of its fields spoilt. */
    Message spoilt(Message message) {
        try {
            RecordComponent[] parts = message.getClass().getRecordComponents();
            Object[] values = new Object[parts.length];
            for (int i = 0; i < parts.length; i++) {
                var accessor = parts[i].getAccessor();
                accessor.setAccessible(true);
                Object value = accessor.invoke(message);
                values[i] = random.nextInt(3) == 0 ? spoilt(value) : value;
            }
            return make(message.getClass(), values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A message of any kind, about numbers near {@code number}. */
    Message invented(long to, long number) {
        Class<?> kind = KINDS.get(random.nextInt(KINDS.size()));
        try {
            RecordComponent[] parts = kind.getRecordComponents();
            Object[] values = new Object[parts.length];
            for (int i = 0; i < parts.length; i++) {
                values[i] = invented(parts[i], to, number);
            }
            return make(kind, values);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Message make(Class<?> kind, Object[] values)
            throws ReflectiveOperationException {
        Class<?>[] types = Stream.of(kind.getRecordComponents()).map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        var constructor = kind.getDeclaredConstructor(types);
        constructor.setAccessible(true);
        return (Message) constructor.newInstance(values);
    }

    private Object invented(RecordComponent part, long to, long number) {
        if (part.getName().equals("to")) {
            return to;
        }
        Class<?> type = part.getType();
        if (type == long.class) {
            return part.getName().equals("from")
                    ? (Object) (long) random.nextInt(5)
                    : (Object) near(number);
        }
        if (type == boolean.class) {
            return random.nextBoolean();
        }
        if (type == EntryId.class) {
            return id(number);
        }
        if (type == Bytes.class) {
            return bytes();
        }
        if (type == Snapshot.class) {
            return snapshot(number);
        }
        return entries(number, number);
    }

    private Object spoilt(Object value) {
        return switch (value) {
            case Long number -> near(number);
            case Boolean flag -> !flag;
            case EntryId id -> new EntryId(near(id.term()), near(id.index()));
            case Bytes ignored -> bytes();
            case Snapshot snapshot -> snapshot(snapshot.index());
            case List<?> list -> random.nextBoolean() && !list.isEmpty()
                    ? list.subList(1, list.size())
                    : entries(random.nextInt(5), random.nextInt(20));
            default -> throw new IllegalStateException("a field of a new type: " + value);
        };
    }

    private long near(long number) {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextLong();
            case 1 -> Long.MAX_VALUE;
            case 2 -> -1;
            case 3 -> 0;
            default -> number + random.nextInt(5) - 2;
        };
    }

    private EntryId id(long number) {
        return new EntryId(near(number), near(number));
    }

    private Bytes bytes() {
        byte[] bytes = new byte[random.nextInt(10)];
        random.nextBytes(bytes);
        return Bytes.wrap(bytes);
    }

    private List<Entry> entries(long term, long from) {
        var entries = new ArrayList<Entry>();
        EntryType[] types = EntryType.values();
        for (int i = random.nextInt(4); i > 0; i--) {
            long index = random.nextInt(6) == 0 ? near(from) : from + entries.size();
            entries.add(new Entry(random.nextInt(6) == 0 ? near(term) : term, index,
                    types[random.nextInt(types.length)], bytes()));
        }
        return entries;
    }

    private Snapshot snapshot(long number) {
        return new Snapshot(id(number), new ConfState(ids(), ids(), ids(), ids(),
                random.nextBoolean()), bytes());
    }

    private List<Long> ids() {
        var ids = new ArrayList<Long>();
        for (int i = random.nextInt(4); i > 0; i--) {
            ids.add((long) random.nextInt(5));
        }
        return ids;
    }
}
