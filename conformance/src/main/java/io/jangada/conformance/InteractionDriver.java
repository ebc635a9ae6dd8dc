// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import io.jangada.conformance.Output.CommandFailed;
import io.jangada.conformance.Output.Level;
import io.jangada.raft.Status;
import io.jangada.raft.model.Bytes;
import io.jangada.raft.model.ConfChange;
import io.jangada.raft.model.ConfChangeSingle;
import io.jangada.raft.model.ConfChangeTransition;
import io.jangada.raft.model.Entry;
import io.jangada.raft.model.Message;
import io.jangada.raft.storage.CompactedException;
import io.jangada.raft.storage.MemoryStorage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Drives a cluster of cores. */
final class InteractionDriver implements Driver {
    private final Output out = new Output();
    private final List<Letter> mail = new ArrayList<>();
    private final List<TracedNode> nodes = new ArrayList<>();

    @Override
    public String run(Directive directive) {
        try {
            execute(directive);
        } catch (CommandFailed failed) {
            String printed = out.take();
            return out.level() == Level.NONE ? failed.shown() : printed + failed.shown();
        }
        String printed = out.take();
        return printed.isEmpty() ? "ok" : printed;
    }

    private void execute(Directive directive) throws CommandFailed {
        switch (directive.command()) {
            case "_breakpoint" -> {
            }
            case "add-nodes" -> addNodes(directive);
            case "campaign" -> first(directive).core().campaign();
            case "compact" -> compact(directive);
            case "deliver-msgs" -> deliverMessages(directive);
            case "forget-leader" -> first(directive).core().forgetLeader();
            case "log-level" -> out
                    .setLevel(Level.named(directive.argument(0).key()));
            case "process-append-thread" -> each(directive, "processing append thread",
                    TracedNode::runAppendThread);
            case "process-apply-thread" -> each(directive, "processing apply thread",
                    TracedNode::runApplyThread);
            case "process-ready" -> each(directive, "handling Ready", TracedNode::handleReady);
            case "propose" -> first(directive).propose(directive.argument(1).word());
            case "propose-conf-change" -> first(directive).propose(change(directive));
            case "raft-log" -> printLog(first(directive));
            case "raft-state" -> nodes.forEach(this::printState);
            case "report-unreachable" -> first(directive).core()
                    .reportUnreachable(directive.number(1));
            case "send-snapshot" -> sendSnapshot(directive);
            case "set-randomized-election-timeout" -> first(directive).core()
                    .setRandomizedElectionTimeoutTicks(directive.number("timeout"));
            case "stabilize" -> stabilize(directive);
            case "status" -> printStatus(first(directive));
            case "tick-election" -> tick(first(directive), NodeOptions.ELECTION_TICKS);
            case "tick-heartbeat" -> tick(first(directive), 1);
            case "transfer-leadership" -> node(directive.number("from")).core()
                    .transferLeader(directive.number("to"));
            default -> throw new CommandFailed("unknown command");
        }
    }

    private TracedNode node(long id) {
        if (id < 1 || id > nodes.size()) {
            throw new IllegalArgumentException("no node " + id + " of " + nodes.size());
        }
        return nodes.get((int) id - 1);
    }

    private TracedNode first(Directive directive) {
        return node(directive.number(0));
    }

    private void addNodes(Directive directive) throws CommandFailed {
        int count = directive.number(0);
        var options = NodeOptions.of(directive);
        for (int i = 0; i < count; i++) {
            long id = nodes.size() + 1L;
            nodes.add(new TracedNode(id, out, mail, options.snapshot(), options::apply, id));
        }
    }

    private static void tick(TracedNode node, int ticks) {
        for (int i = 0; i < ticks; i++) {
            node.core().tick();
        }
    }

    private static ConfChange change(Directive directive) {
        List<ConfChangeSingle> changes = Text.changes(directive.input());
        if (directive.isTrue("v1")) {
            if (changes.size() != 1 || directive.value("transition").isPresent()) {
                throw new IllegalArgumentException("v1 takes one change and no transition");
            }
            return new ConfChange.V1(0, changes.getFirst(), Bytes.EMPTY);
        }
        ConfChangeTransition transition = switch (directive.value("transition").orElse("auto")) {
            case "auto" -> ConfChangeTransition.AUTO;
            case "implicit" -> ConfChangeTransition.JOINT_IMPLICIT;
            case "explicit" -> ConfChangeTransition.JOINT_EXPLICIT;
            default -> throw new IllegalArgumentException(
                    "transition is none of auto, implicit, explicit");
        };
        return new ConfChange.V2(transition, changes, Bytes.EMPTY);
    }

    // Messages.

    private void deliverMessages(Directive directive) {
        Predicate<Letter> ofType = ofType(directive);
        int handled = 0;
        for (Directive.Argument argument : directive.arguments()) {
            if (argument.key().equals("drop")) {
                for (String id : argument.values()) {
                    handled += drop(Directive.id(id), ofType);
                }
            } else if (argument.values().isEmpty()) {
                handled += deliver(node(Directive.id(argument.key())), ofType);
            }
        }
        if (handled == 0) {
            out.println("no messages");
        }
    }

    private static Predicate<Letter> ofType(Directive directive) {
        Optional<String> type = directive.value("type");
        if (type.isEmpty()) {
            return letter -> true;
        }
        if (!Text.MESSAGE_TYPES.contains(type.get())) {
            throw new IllegalArgumentException("no type of messages: " + type.get());
        }
        return letter -> letter.type().equals(type.get());
    }

    /** Steps {@code message} into its recipient, and returns what that prints. */
    String deliver(Message message) {
        node(message.to()).deliver(new Letter.Peer(message));
        return out.take();
    }

    private int deliver(TracedNode node, Predicate<Letter> ofType) {
        List<Letter> taken = take(letter -> letter.to() == node.id() && ofType.test(letter));
        for (Letter letter : taken) {
            out.println(letter.text());
            node.deliver(letter);
        }
        return taken.size();
    }

    private int drop(long id, Predicate<Letter> ofType) {
        List<Letter> taken = take(letter -> letter.to() == id && !letter.isLocal()
                && ofType.test(letter));
        taken.forEach(letter -> out.println("dropped: " + letter.text()));
        return taken.size();
    }

    private List<Letter> take(Predicate<Letter> wanted) {
        List<Letter> taken = mail.stream().filter(wanted).toList();
        mail.removeIf(wanted);
        return taken;
    }

    private void sendSnapshot(Directive directive) {
        TracedNode from = first(directive);
        var message = new Message.InstallSnapshot(from.id(), directive.number(1),
                from.core().basicStatus().hardState().term(), from.latest());
        mail.add(new Letter.Peer(message));
        out.println(Text.message(message));
    }

    // Work.

    private interface Work {
        void run(TracedNode node) throws CommandFailed;
    }

    private void each(Directive directive, String heading, Work work) throws CommandFailed {
        List<Integer> ids = directive.numbers();
        if (ids.size() == 1) {
            work.run(node(ids.getFirst()));
            return;
        }
        for (int id : ids) {
            headed(node(id), heading, work);
        }
    }

    private void headed(TracedNode node, String heading, Work work) throws CommandFailed {
        out.println("> " + node.id() + " " + heading);
        out.indented(() -> work.run(node));
    }

    private void stabilize(Directive directive) throws CommandFailed {
        List<TracedNode> chosen = directive.numbers().isEmpty()
                ? nodes
                : directive.numbers().stream().map(id -> node(id)).toList();
        Level before = out.level();
        directive.value("log-level").ifPresent(level -> out.setLevel(Level.named(level)));
        try {
            boolean busy = true;
            while (busy) {
                busy = round(chosen);
            }
        } finally {
            out.setLevel(before);
        }
    }

    /** Whether anything was done. */
    private boolean round(List<TracedNode> chosen) throws CommandFailed {
        boolean busy = false;
        busy |= headedIf(chosen, node -> node.core().hasReady(), "handling Ready",
                TracedNode::handleReady);
        busy |= headedIf(chosen,
                node -> mail.stream().anyMatch(letter -> letter.to() == node.id()),
                "receiving messages", node -> deliver(node, letter -> true));
        busy |= headedIf(chosen, TracedNode::hasAppendWork, "processing append thread", node -> {
            while (node.hasAppendWork()) {
                node.runAppendThread();
            }
        });
        busy |= headedIf(chosen, TracedNode::hasApplyWork, "processing apply thread", node -> {
            while (node.hasApplyWork()) {
                node.runApplyThread();
            }
        });
        return busy;
    }

    private boolean headedIf(List<TracedNode> chosen, Predicate<TracedNode> hasWork,
            String heading, Work work) throws CommandFailed {
        boolean busy = false;
        for (TracedNode node : chosen) {
            if (hasWork.test(node)) {
                busy = true;
                headed(node, heading, work);
            }
        }
        return busy;
    }

    // State.

    private void compact(Directive directive) throws CommandFailed {
        TracedNode node = first(directive);
        try {
            node.storage().compact(directive.number(1));
        } catch (CompactedException gone) {
            throw new CommandFailed(String.valueOf(gone.getMessage()));
        }
        printLog(node);
    }

    private void printLog(TracedNode node) throws CommandFailed {
        MemoryStorage storage = node.storage();
        long first = storage.firstIndex();
        long last = storage.lastIndex();
        if (first > last) {
            out.println("log is empty: first index=" + first + ", last index=" + last);
            return;
        }
        try {
            for (Entry entry : storage.entries(first, last + 1, Long.MAX_VALUE)) {
                out.println(Text.entry(entry));
            }
        } catch (CompactedException gone) {
            throw new CommandFailed(String.valueOf(gone.getMessage()));
        }
    }

    private void printState(TracedNode node) {
        Status status = node.core().status();
        out.println(node.id() + ": " + Text.role(status.basic().softState().role())
                + (status.config().isVoter(node.id()) ? " (Voter)" : " (Non-Voter)") + " Term:"
                + status.basic().hardState().term() + " Lead:"
                + status.basic().softState().leader());
    }

    private void printStatus(TracedNode node) {
        node.core().status().progress()
                .forEach((id, progress) -> out.print(Text.progress(id, progress)));
    }
}
