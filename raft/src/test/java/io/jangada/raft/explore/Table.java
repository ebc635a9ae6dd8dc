// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.explore;

import io.jangada.raft.explore.Local.Step;
import io.jangada.raft.explore.Member.Durable;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All states of members met so far, numbered, with what each event makes of them. A step that is not
 * known yet is carried out by a real core, which is brought into its state by the inputs that led
 * there since its last start.
 *
 * <p>An event of a member is a number: one of the constants here, or {@link #DELIVER} plus the number
 * of a message; twice that, and one more if the member crashes before anything is written.
 */
final class Table {
    static final int CAMPAIGN = 0;
    static final int PROPOSE = 1;
    static final int CHANGE = 2;
    static final int HEARTBEAT = 3;
    static final int WRITTEN = 4;
    static final int CRASH = 5;
    static final int DELIVER = 6;

    private record Key(long high, long low) {
        static Key of(String text) {
            long high = 0;
            long low = 0;
            for (int i = 0; i < text.length(); i++) {
                high = (high ^ text.charAt(i)) * 0x9E3779B97F4A7C15L;
                low = Long.rotateLeft(low, 23) * 0xC2B2AE3D27D4EB4FL + text.charAt(i);
            }
            return new Key(high ^ (high >>> 32), low ^ (low >>> 29));
        }
    }

    private final Scope scope;
    private final Fingerprint fingerprint = new Fingerprint();
    private final Map<Key, Integer> numbers = new HashMap<>();
    private final List<Local> locals = new ArrayList<>();
    private final Map<Message, Integer> messageNumbers = new HashMap<>();
    private final List<Message> messages = new ArrayList<>();
    private final Map<Entry, Integer> entryNumbers = new HashMap<>();
    private final List<Entry> entries = new ArrayList<>();
    private long cores;

    Table(Scope scope) {
        this.scope = scope;
    }

    /** The state in which {@code member}, counted from 0, starts for the first time. */
    int start(int member) {
        return start(member, Durable.NOTHING);
    }

    Local local(int number) {
        return locals.get(number);
    }

    Message message(int number) {
        return messages.get(number);
    }

    Entry entry(int number) {
        return entries.get(number);
    }

    int messageCount() {
        return messages.size();
    }

    int localCount() {
        return locals.size();
    }

    /** How many times a real core was brought into a state. */
    long coreCount() {
        return cores;
    }

    int[] entryNumbers(List<Entry> log) {
        return log.stream().mapToInt(this::number).toArray();
    }

    private int number(Entry entry) {
        return entryNumbers.computeIfAbsent(entry, added -> {
            entries.add(added);
            return entries.size() - 1;
        });
    }

    private int number(Message message) {
        return messageNumbers.computeIfAbsent(message, added -> {
            messages.add(added);
            return messages.size() - 1;
        });
    }

    /** What {@code event} makes of the state {@code from} of {@code member}. */
    Step step(int member, int from, int event) {
        Local local = locals.get(from);
        Step known = local.known(event);
        if (known == null) {
            known = carryOut(member, local, event);
            local.learn(event, known);
        }
        return known;
    }

    private Step carryOut(int member, Local local, int event) {
        Member core = rebuilt(member, local);
        core.takeSent();
        Input input = input(event / 2);
        if (input instanceof Input.Crash) {
            return new Step(start(member, core.durable()));
        }
        core.take(input);
        if (event % 2 == 1) {
            return new Step(start(member, core.durable()), sent(core));
        }
        int writes = 0;
        while (scope.disk() == Scope.Disk.FAST && core.isWriting()) {
            core.take(new Input.Written());
            writes++;
        }
        int[] sent = sent(core);
        return new Step(number(core, local.base, local, input, writes), sent);
    }

    private Input input(int event) {
        return switch (event) {
            case CAMPAIGN -> new Input.Campaign();
            case PROPOSE -> new Input.Propose();
            case CHANGE -> new Input.Change();
            case HEARTBEAT -> new Input.Heartbeat();
            case WRITTEN -> new Input.Written();
            case CRASH -> new Input.Crash();
            default -> new Input.Deliver(messages.get(event - DELIVER));
        };
    }

    /** What an event is, in words. */
    String describe(int event) {
        return input(event / 2) + (event % 2 == 1 ? ", then crashes before it writes" : "");
    }

    private int[] sent(Member core) {
        return core.takeSent().stream().mapToInt(this::number).sorted().distinct().toArray();
    }

    private int start(int member, Durable durable) {
        var core = new Member(member + 1L, scope, durable);
        int writes = 0;
        while (scope.disk() == Scope.Disk.FAST && core.isWriting()) {
            core.take(new Input.Written());
            writes++;
        }
        return number(core, durable, null, null, writes);
    }

    private int number(Member core, Durable base, @Nullable Local before, @Nullable Input input,
            int writes) {
        core.takeSent();
        return numbers.computeIfAbsent(Key.of(fingerprint.of(core)), added -> {
            locals.add(new Local(base, before, input, writes, core, this));
            return locals.size() - 1;
        });
    }

    private Member rebuilt(int member, Local state) {
        cores++;
        var way = new ArrayList<Local>();
        Local at = state;
        while (at.before != null) {
            way.add(at);
            at = at.before;
        }
        var core = new Member(member + 1L, scope, state.base);
        write(core, at.writes);
        for (Local each : way.reversed()) {
            if (each.input != null) {
                core.take(each.input);
                write(core, each.writes);
            }
        }
        return core;
    }

    private static void write(Member core, int writes) {
        for (int i = 0; i < writes; i++) {
            core.take(new Input.Written());
        }
    }
}
