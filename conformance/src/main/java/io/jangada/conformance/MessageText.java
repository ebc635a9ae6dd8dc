// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.raft.model.Entry;
import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Snapshot;
import java.util.List;

/** Builds the text of one message; what is zero or absent is left out. */
final class MessageText {
    private final String head;
    private EntryId log = EntryId.ZERO;
    private String middle = "";
    private String commit = "";
    private String vote = "";
    private List<Entry> entries = List.of();
    private Snapshot snapshot = Snapshot.EMPTY;
    private List<String> responses = List.of();

    MessageText(String from, String to, String type, long term) {
        head = from + "->" + to + " " + type + " Term:" + term;
    }

    MessageText log(EntryId id) {
        log = id;
        return this;
    }

    MessageText rejected(long hint) {
        middle = " Rejected (Hint: " + hint + ")";
        return this;
    }

    MessageText rejectedUnless(boolean granted) {
        return granted ? this : rejected(0);
    }

    MessageText commit(long index) {
        commit = index == 0 ? "" : " Commit:" + index;
        return this;
    }

    MessageText vote(long id) {
        vote = id == 0 ? "" : " Vote:" + id;
        return this;
    }

    MessageText entries(List<Entry> list) {
        entries = list;
        return this;
    }

    MessageText snapshot(Snapshot carried) {
        snapshot = carried;
        return this;
    }

    MessageText responses(List<String> messages) {
        responses = messages;
        return this;
    }

    @Override
    public String toString() {
        var text = new StringBuilder(head);
        text.append(" Log:").append(log.term()).append('/').append(log.index());
        text.append(middle).append(commit).append(vote);
        appendEntries(text);
        if (!snapshot.isEmpty()) {
            text.append("\n  Snapshot: ").append(Text.snapshot(snapshot));
        }
        if (!responses.isEmpty()) {
            text.append(" Responses:[");
            for (String response : responses) {
                text.append('\n').append(indented(response));
            }
            text.append("\n]");
        }
        return text.toString();
    }

    private void appendEntries(StringBuilder text) {
        if (entries.size() == 1) {
            text.append(" Entries:[").append(Text.entry(entries.getFirst())).append(']');
        } else if (entries.size() > 1) {
            text.append(" Entries:[");
            for (Entry entry : entries) {
                text.append("\n  ").append(Text.entry(entry));
            }
            text.append("\n]");
        }
    }

    private static String indented(String text) {
        return "  " + text.replace("\n", "\n  ");
    }
}
