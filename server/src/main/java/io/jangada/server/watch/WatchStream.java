// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.watch;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import io.jangada.mvcc.EventType;
import io.jangada.mvcc.KeyRange;
import io.jangada.mvcc.Watch;
import io.jangada.mvcc.WatchBatch;
import io.jangada.mvcc.WatchHub;
import io.jangada.mvcc.WatchListener;
import io.jangada.raftnode.EventLoop;
import io.jangada.server.apply.KvMessages;
import io.jangada.server.auth.AccessGuard;
import io.jangada.server.auth.AuthState;
import io.jangada.server.auth.Caller;
import io.jangada.server.error.EtcdError;
import io.jangada.server.member.LocalMember;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's stream of watchers. A client that does not read stalls its own watchers only: they go
 * on from history once it reads again. Everything but {@link #requests} belongs to the watch loop.
 */
final class WatchStream implements WatchMemory.Holder {
    private static final Logger LOGGER = LoggerFactory.getLogger(WatchStream.class);
    private static final long NO_WATCH = -1;
    private static final int OVERHEAD_BYTES = 512 << 10;
    /** Bytes on their way from which on a client counts as one that has not taken all. */
    private static final int READY_BYTES = 8 << 10;
    private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[]{0});

    private final LocalMember member;
    private final WatchHub hub;
    private final EventLoop loop;
    private final ServerCallStreamObserver<WatchResponse> out;
    private final AccessGuard access;
    private final WatchStreams all;
    private final WatchMemory memory;
    private final Optional<WatchResponse> reset;
    private final Map<Long, Watcher> watchers = new TreeMap<>();
    private long nextId;
    private boolean closed;

    WatchStream(LocalMember member, WatchHub hub, EventLoop loop,
            ServerCallStreamObserver<WatchResponse> out, AccessGuard access,
            WatchStreams all, WatchMemory memory, Optional<WatchResponse> reset) {
        this.memory = memory;
        this.reset = reset;
        this.member = member;
        this.hub = hub;
        this.loop = loop;
        this.out = out;
        this.access = access;
        this.all = all;
        loop.execute(this::open);
        out.setOnReadyThreshold(READY_BYTES);
        out.setOnReadyHandler(() -> loop.execute(this::taken));
        out.setOnCancelHandler(() -> loop.execute(this::close));
    }

    /** What the client sends; called by a Netty loop. */
    StreamObserver<WatchRequest> requests() {
        return new StreamObserver<>() {
            @Override
            public void onNext(WatchRequest request) {
                Caller caller = Caller.current();
                Optional<EtcdError> refusal = AccessGuard.currentRefusal();
                loop.execute(() -> handle(request, caller, refusal));
            }

            @Override
            public void onError(Throwable canceled) {
                loop.execute(WatchStream.this::close);
            }

            /* Watchers outlive the last request: who sends no more may still listen, as in etcd. */
            @Override
            public void onCompleted() {}
        };
    }

    private void open() {
        if (!closed) {
            all.add(this);
        }
    }

    private void handle(WatchRequest request, Caller caller, Optional<EtcdError> refusal) {
        if (closed) {
            return;
        }
        switch (request.getRequestUnionCase()) {
            case CREATE_REQUEST -> {
                if (refusal.isPresent()) {
                    refuse(asGo(refusal.get()));
                } else {
                    create(request.getCreateRequest(), caller);
                }
            }
            case CANCEL_REQUEST -> cancel(request.getCancelRequest().getWatchId());
            case PROGRESS_REQUEST -> {
                // Whoever has watchers here was let in, whatever became of the token.
                if (refusal.isEmpty() || !watchers.isEmpty()) {
                    progress();
                }
            }
            case REQUESTUNION_NOT_SET -> {
            }
        }
    }

    /* Clients of etcd look for the text that Go makes of an error. */
    private static String asGo(EtcdError error) {
        String[] words = error.status().getCode().name().toLowerCase(Locale.ROOT).split("_", -1);
        StringBuilder code = new StringBuilder();
        for (String word : words) {
            code.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        }
        return "rpc error: code = " + code + " desc = " + error.status().getDescription();
    }

    private void create(WatchCreateRequest request, Caller caller) {
        KeyRange range = new KeyRange(request.getKey().isEmpty() ? FIRST_KEY : request.getKey(),
                request.getRangeEnd());
        if (request.getStartRevision() < 0) {
            refuse(EtcdError.COMPACTED.status().getDescription());
        } else if (range.isEmpty()) {
            refuse("mvcc: watcher range is empty");
        } else if (request.getWatchId() != 0 && watchers.containsKey(request.getWatchId())) {
            refuse("mvcc: duplicate watch ID provided on the WatchStream");
        } else {
            register(request, range, caller);
        }
    }

    private void refuse(@Nullable String reason) {
        write(response(NO_WATCH, member.store().revision()).setCreated(true).setCanceled(true)
                .setCancelReason(reason == null ? "" : reason).build());
    }

    private void register(WatchCreateRequest request, KeyRange range, Caller caller) {
        long id = request.getWatchId();
        if (id == 0) {
            while (watchers.containsKey(nextId)) {
                nextId++;
            }
            id = nextId++;
        }
        long revision = member.store().revision();
        long start = request.getStartRevision() == 0 ? revision + 1 : request.getStartRevision();
        Watcher watcher = new Watcher(id, request, caller);
        watchers.put(id, watcher);
        watcher.watch = hub.register(new io.jangada.mvcc.WatchRequest(range, start,
                suppressed(request), request.getPrevKv()), watcher);
        write(response(id, revision).setCreated(true).build());
    }

    private static Set<EventType> suppressed(WatchCreateRequest request) {
        Set<EventType> types = EnumSet.noneOf(EventType.class);
        for (WatchCreateRequest.FilterType filter : request.getFiltersList()) {
            switch (filter) {
                case NOPUT -> types.add(EventType.PUT);
                case NODELETE -> types.add(EventType.DELETE);
                case UNRECOGNIZED -> {
                }
            }
        }
        return types;
    }

    private void cancel(long id) {
        Watcher watcher = watchers.remove(id);
        if (watcher != null) {
            watcher.cancel();
            write(response(id, member.store().revision()).setCanceled(true).build());
        }
    }

    /* A header must never be ahead of what is still to be delivered. */
    private void progress() {
        if (watchers.values().stream().allMatch(Watcher::isSynced)) {
            write(response(NO_WATCH, hub.revision()).build());
        }
    }

    /** Tells watchers that asked for it how far they have got, where nothing else has told them. */
    void notifyProgress() {
        List.copyOf(watchers.values()).forEach(Watcher::notifyProgress);
    }

    private void taken() {
        if (out.isReady()) {
            memory.taken(this);
        }
        resume();
    }

    @Override
    public void resume() {
        List.copyOf(watchers.values()).forEach(Watcher::resume);
    }

    /* What waits for the client is dropped by the reset; the error is for whom there is none. */
    @Override
    public void cut() {
        reset.ifPresent(this::write);
        if (closed) {
            return;
        }
        close();
        try {
            out.onError(EtcdError.TOO_MANY_REQUESTS.exception());
        } catch (RuntimeException gone) {
            LOGGER.debug("watch stream ended", gone);
        }
    }

    /** Ends the watchers whose callers may no longer. */
    void lookAgain() {
        List.copyOf(watchers.values()).forEach(Watcher::mayGoOn);
    }

    private void close() {
        closed = true;
        all.remove(this);
        memory.leave(this);
        List<Watcher> ended = List.copyOf(watchers.values());
        watchers.clear();
        ended.forEach(Watcher::cancel);
    }

    /* A stream that cannot be written to is over; the hub and its other streams must not notice. */
    private void write(WatchResponse response) {
        if (closed) {
            return;
        }
        try {
            out.onNext(response);
            if (!out.isReady()) {
                memory.hold(this, response.getSerializedSize());
            }
        } catch (RuntimeException gone) {
            LOGGER.debug("watch stream ended", gone);
            close();
        }
    }

    private WatchResponse.Builder response(long id, long revision) {
        return WatchResponse.newBuilder().setHeader(member.header(revision)).setWatchId(id);
    }

    private final class Watcher implements WatchListener {
        private final long id;
        private final WatchCreateRequest request;
        private final Caller caller;
        private @Nullable Watch watch;
        private @Nullable AuthState decidedBy;
        private boolean sentEvents;

        Watcher(long id, WatchCreateRequest request, Caller caller) {
            this.id = id;
            this.request = request;
            this.caller = caller;
        }

        /** Whether the caller may still read the keys; else it is told so, and this watcher is over. */
        boolean mayGoOn() {
            AuthState state = access.state();
            if (state == decidedBy) {
                return true;
            }
            Optional<EtcdError> refusal = access.refusal(caller, request);
            if (refusal.isEmpty()) {
                decidedBy = state;
                return true;
            }
            watchers.remove(id);
            cancel();
            write(response(id, member.store().revision()).setCanceled(true)
                    .setCancelReason(asGo(refusal.get())).build());
            return false;
        }

        @Override
        public boolean offer(WatchBatch batch) {
            if (closed) {
                return true;
            }
            boolean hasRoom = (out.isReady() || memory.allowsAhead(WatchStream.this))
                    && memory.isFree(WatchStream.this);
            if (!hasRoom) {
                return false;
            }
            if (!mayGoOn()) {
                return true;
            }
            sentEvents = true;
            WatchResponse.Builder all = response(id, batch.revision());
            for (io.jangada.mvcc.Event event : batch.events()) {
                all.addEvents(message(event));
            }
            send(all.build());
            return true;
        }

        private Event message(io.jangada.mvcc.Event event) {
            Event.Builder message = Event.newBuilder()
                    .setType(event.type() == EventType.PUT
                            ? Event.EventType.PUT
                            : Event.EventType.DELETE)
                    .setKv(KvMessages.message(event.keyValue()));
            if (request.getPrevKv()) {
                event.previous().map(KvMessages::message).ifPresent(message::setPrevKv);
            }
            return message.build();
        }

        private void send(WatchResponse all) {
            long bytesMax = (long) member.config().maxRequestBytes() + OVERHEAD_BYTES;
            boolean isWhole = !request.getFragment() || all.getEventsCount() < 2
                    || all.getSerializedSize() < bytesMax;
            if (isWhole) {
                write(all);
                return;
            }
            List<Event> part = new ArrayList<>();
            long bytes = 0;
            for (Event event : all.getEventsList()) {
                if (!part.isEmpty() && bytes + event.getSerializedSize() >= bytesMax) {
                    write(all.toBuilder().clearEvents().addAllEvents(part).setFragment(true)
                            .build());
                    part.clear();
                    bytes = 0;
                }
                part.add(event);
                bytes += event.getSerializedSize();
            }
            write(all.toBuilder().clearEvents().addAllEvents(part).build());
        }

        @Override
        public void compacted(long compactRevision) {
            watchers.remove(id);
            if (!closed) {
                // What is told here is the compaction, not a revision (etcd: chooseAll).
                write(response(id, 0).setCanceled(true).setCompactRevision(compactRevision)
                        .build());
            }
        }

        boolean isSynced() {
            Watch present = watch;
            return present != null && present.isSynced();
        }

        void notifyProgress() {
            if (request.getProgressNotify() && isSynced() && !sentEvents) {
                write(response(id, hub.revision()).build());
            }
            sentEvents = false;
        }

        void resume() {
            Watch present = watch;
            if (present != null) {
                present.resume();
            }
        }

        void cancel() {
            Watch present = watch;
            if (present != null) {
                present.cancel();
            }
        }
    }
}
