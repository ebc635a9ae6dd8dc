// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raftnode;

import io.jangada.raft.model.EntryId;
import io.jangada.raft.model.Message;
import io.jangada.raftnode.SnapshotNote.Progress;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots that another member makes and sends in the place of the leader, which has the clients to serve. Any member that has what the
 * follower is to get will do, since what it has applied was committed. The leader asks one after another. It says again what it wants, every
 * {@link #ASK_TICKS} ticks until it is done, so that notes may be lost; what is not answered {@link #PATIENCE} times has failed.
 * Where nobody can help, the leader does it by itself.
 *
 * <p>Belongs to the node loop.
 */
final class DelegatedSnapshots {
    /** Ticks between two notes that say the same. */
    static final int ASK_TICKS = 5;
    /** How often nobody may answer. */
    static final int PATIENCE = 5;
    private static final int REQUESTS_MAX = 64;
    private static final Logger LOGGER = System.getLogger(DelegatedSnapshots.class.getName());

    /** What a member does for the leader. */
    interface Delegate {
        /** How far a snapshot like {@code wanted} is, which is begun if it can be made. */
        SnapshotNote.Answer make(SnapshotNote.Make wanted);

        /** Sends a snapshot in the name of {@code leader}; {@code delivered} hears what became of it, on the node loop. */
        void send(long leader, SnapshotNote.Send wanted, Consumer<Boolean> delivered);
    }

    /** What this leader wants of a member. */
    private static final class Order<N extends SnapshotNote> {
        private final long delegate;
        private final N note;
        private int unanswered;

        Order(long delegate, N note) {
            this.delegate = delegate;
            this.note = note;
        }
    }

    /** What a leader wants of this member. */
    private record Request(long leader, SnapshotNote.Send wanted) {}

    private final GroupConfig config;
    private final HostParts host;
    private final Delegate self;
    private final ObjLongConsumer<Boolean> report;
    /** The one that is made, or was made last. */
    private @Nullable Order<SnapshotNote.Make> making;
    private EntryId made = EntryId.ZERO;
    /** Who could not help since somebody did. */
    private final Set<Long> unable = new HashSet<>();
    /** By recipient. */
    private final Map<Long, Order<SnapshotNote.Send>> sending = new HashMap<>();
    /** Those that are over too: the answer may be lost. */
    private final Map<Request, Progress> requests = new LinkedHashMap<>();
    private long attempts;
    private int ticks;

    /** Nothing yet; {@code report} tells the core whether the snapshot for a member has arrived. */
    DelegatedSnapshots(GroupConfig config, HostParts host, Delegate self,
            ObjLongConsumer<Boolean> report) {
        this.config = config;
        this.host = host;
        this.self = self;
        this.report = report;
    }

    // The leader.

    /**
     * How far a snapshot with all up to {@code indexMin} is, in which {@code members} are members; asks somebody for it if nobody was.
     * FAILED if nobody can help.
     */
    SnapshotNote.Answer find(long indexMin, Set<Long> members) {
        Order<SnapshotNote.Make> known = making;
        boolean isWithoutSome = known == null || !known.note.members().containsAll(members);
        boolean isOld = isMade() && made.index() < indexMin;
        if (isWithoutSome || isOld) {
            made = EntryId.ZERO;
            making = order(indexMin, members);
        }
        Progress progress = isMade() ? Progress.DONE : Progress.WORKING;
        return new SnapshotNote.Answer(config.group(), 0,
                making == null ? Progress.FAILED : progress, made, 0);
    }

    private boolean isMade() {
        return !made.equals(EntryId.ZERO);
    }

    private @Nullable Order<SnapshotNote.Make> order(long indexMin, Set<Long> members) {
        for (long peer : new TreeSet<>(members)) {
            if (peer != host.memberId() && !unable.contains(peer)
                    && host.network().isConnected(peer)) {
                var order = new Order<>(peer,
                        new SnapshotNote.Make(config.group(), indexMin, members));
                host.network().sendNote(peer, order.note.encode());
                return order;
            }
        }
        unable.clear(); // The next time is another.
        return null;
    }

    /** Lets the member that has made the snapshot of {@code message} send it; false if none has. */
    boolean send(Message.InstallSnapshot message) {
        Order<SnapshotNote.Make> maker = making;
        if (maker == null || !made.equals(message.snapshot().id())) {
            return false;
        }
        var order = new Order<>(maker.delegate, new SnapshotNote.Send(config.group(), message.to(),
                message.term(), made, ++attempts));
        LOGGER.log(Level.INFO,
                "snapshot is sent by another member group={0} to={1} index={2} by={3}",
                config.group(), Long.toHexString(message.to()), made.index(),
                Long.toHexString(maker.delegate));
        sending.put(message.to(), order);
        host.network().sendNote(order.delegate, order.note.encode());
        return true;
    }

    /** Another leads, or nobody. */
    void leaderChanged() {
        making = null;
        made = EntryId.ZERO;
        unable.clear();
        sending.clear();
    }

    /** A tick has passed. */
    void tick() {
        ticks++;
        if (ticks % ASK_TICKS != 0) {
            return;
        }
        Order<SnapshotNote.Make> maker = making;
        if (maker != null && !isMade() && !isAskedAgain(maker)) {
            giveUp(maker.delegate);
        }
        for (Order<SnapshotNote.Send> order : List.copyOf(sending.values())) {
            if (!isAskedAgain(order)) {
                ended(order, false);
            }
        }
    }

    private boolean isAskedAgain(Order<?> order) {
        order.unanswered++;
        if (order.unanswered > PATIENCE) {
            return false;
        }
        host.network().sendNote(order.delegate, order.note.encode());
        return true;
    }

    private void giveUp(long delegate) {
        unable.add(delegate);
        if (making != null && making.delegate == delegate) {
            making = null;
            made = EntryId.ZERO;
        }
    }

    private void ended(Order<SnapshotNote.Send> order, boolean delivered) {
        sending.remove(order.note.to());
        if (delivered) {
            unable.clear();
        } else {
            giveUp(order.delegate);
        }
        report.accept(delivered, order.note.to());
    }

    private void answered(long from, SnapshotNote.Answer answer) {
        if (answer.to() == 0) {
            Order<SnapshotNote.Make> maker = making;
            if (maker != null && maker.delegate == from && !isMade()) {
                maker.unanswered = 0;
                if (answer.progress() == Progress.DONE
                        && answer.id().index() >= maker.note.indexMin()) {
                    made = answer.id();
                } else if (answer.progress() != Progress.WORKING) {
                    giveUp(from);
                }
            }
            return;
        }
        Order<SnapshotNote.Send> order = sending.get(answer.to());
        if (order != null && order.delegate == from
                && order.note.attempt() == answer.attempt()) {
            order.unanswered = 0;
            if (answer.progress() != Progress.WORKING) {
                ended(order, answer.progress() == Progress.DONE);
            }
        }
    }

    // Whoever is asked, too.

    /** {@code from} says something. */
    void heard(long from, SnapshotNote note) {
        switch (note) {
            case SnapshotNote.Make wanted ->
                host.network().sendNote(from, self.make(wanted).encode());
            case SnapshotNote.Send wanted -> run(new Request(from, wanted));
            case SnapshotNote.Answer answer -> answered(from, answer);
        }
    }

    private void run(Request request) {
        if (!requests.containsKey(request)) {
            if (requests.size() == REQUESTS_MAX) {
                requests.remove(requests.keySet().iterator().next());
            }
            requests.put(request, Progress.WORKING);
            self.send(request.leader(), request.wanted(), delivered -> {
                requests.replace(request, delivered ? Progress.DONE : Progress.FAILED);
                tell(request);
            });
        }
        tell(request);
    }

    private void tell(Request request) {
        SnapshotNote.Send wanted = request.wanted();
        Progress progress = requests.getOrDefault(request, Progress.FAILED);
        host.network().sendNote(request.leader(),
                new SnapshotNote.Answer(wanted.group(), wanted.to(),
                        progress, wanted.id(), wanted.attempt()).encode());
    }
}
