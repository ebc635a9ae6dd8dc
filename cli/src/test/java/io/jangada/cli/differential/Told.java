// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.Message;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A stream of watchers at one server, and what it told. Thread-safe: by its monitor; gRPC's threads add. */
final class Told implements StreamObserver<WatchResponse> {
    private final List<Message> answers = new ArrayList<>();
    private final Map<Long, List<Event>> events = new HashMap<>();
    private final StreamObserver<WatchRequest> requests;

    Told(Server server, String caller) {
        requests = WatchGrpc.newStub(server.channel()).withInterceptors(
                MetadataUtils.newAttachHeadersInterceptor(server.metadata(caller))).watch(this);
    }

    void send(WatchRequest request) {
        requests.onNext(request);
    }

    /** All answers without events, normal and in their order; a stream that failed ends with what it failed of. */
    synchronized List<Message> answers() {
        return List.copyOf(answers);
    }

    /** The events of a watcher in their order, however they were spread over answers. */
    synchronized List<Event> events(long watcher) {
        return List.copyOf(events.getOrDefault(watcher, List.of()));
    }

    void close() {
        requests.onCompleted();
    }

    @Override
    public synchronized void onNext(WatchResponse response) {
        if (response.getEventsCount() == 0) {
            answers.add(Normal.of(response));
        } else {
            events.computeIfAbsent(response.getWatchId(), ignored -> new ArrayList<>())
                    .addAll(response.getEventsList());
        }
    }

    @Override
    public synchronized void onError(Throwable failed) {
        answers.add(WatchResponse.newBuilder().setCancelReason("stream: " + failed).build());
    }

    @Override
    public void onCompleted() {}
}
