// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.raft.Ready;
import io.jangada.raft.StorageAppend;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.Message;
import java.util.ArrayList;
import java.util.List;

/** How the traces show a Ready. */
final class ReadyText {
    private ReadyText() {}

    static String of(long id, Ready ready) {
        var text = new StringBuilder();
        ready.softState().ifPresent(state -> line(text, Text.softState(state)));
        if (!ready.hardState().isEmpty()) {
            line(text, "HardState " + Text.hardState(ready.hardState()));
        }
        if (!ready.readStates().isEmpty()) {
            line(text, "ReadStates " + ready.readStates());
        }
        entries(text, "Entries:", ready.entries());
        if (!ready.snapshot().isEmpty()) {
            line(text, "Snapshot " + Text.snapshot(ready.snapshot()));
        }
        entries(text, "CommittedEntries:", ready.committedEntries());
        messages(text, id, ready);
        return text.isEmpty()
                ? "<empty Ready>"
                : "Ready MustSync=" + ready.mustSync() + ":\n" + text;
    }

    private static void line(StringBuilder text, String line) {
        text.append(line).append('\n');
    }

    private static void entries(StringBuilder text, String heading, List<Entry> entries) {
        if (!entries.isEmpty()) {
            line(text, heading);
            entries.forEach(entry -> line(text, Text.entry(entry)));
        }
    }

    private static void messages(StringBuilder text, long id, Ready ready) {
        var messages = new ArrayList<String>();
        for (Message message : ready.messages()) {
            messages.add(Text.message(message));
        }
        ready.storageAppend().ifPresent(append -> messages
                .add(Text.storageAppend(id, append, texts(responses(id, append)))));
        ready.storageApply().ifPresent(apply -> messages.add(Text.storageApply(id, apply,
                List.of(Text.storageApplied(id, apply.done())))));
        if (!messages.isEmpty()) {
            line(text, "Messages:");
            messages.forEach(message -> line(text, message));
        }
    }

    /** What follows once {@code append} is durable. */
    static List<Letter> responses(long id, StorageAppend append) {
        var responses = new ArrayList<Letter>();
        append.responses().forEach(message -> responses.add(new Letter.Peer(message)));
        append.done().ifPresent(done -> responses.add(Letter.Appended.of(id, append, done)));
        return responses;
    }

    private static List<String> texts(List<Letter> letters) {
        return letters.stream().map(Letter::text).toList();
    }
}
