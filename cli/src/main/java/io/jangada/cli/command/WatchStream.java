// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.grpc.Metadata;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import io.grpc.stub.MetadataUtils;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.etcd.WatchProgressRequest;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.api.etcd.WatchResponse;
import io.jangada.api.mvcc.Event;
import io.jangada.cli.answer.WatchAnswer;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Printer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Watchers on one stream, whose events are shown and told to programs. One thread asks, one shows; they may be the same.
 */
final class WatchStream {
    private static final Metadata.Key<String> HAS_LEADER = Metadata.Key.of("hasleader",
            Metadata.ASCII_STRING_MARSHALLER);
    private static final String COMPACTED = "etcdserver: mvcc: required revision has been compacted";

    private final Printer printer;
    private final BlockingClientCall<WatchRequest, WatchResponse> call;
    /** By the watchers' identifiers; empty where none is run. */
    private final Map<Long, List<String>> programs = new ConcurrentHashMap<>();

    /** Opens the stream, which ends when the member loses its leader. */
    WatchStream(EtcdClient etcd, Printer printer) {
        this.printer = printer;
        var headers = new Metadata();
        headers.put(HAS_LEADER, "true");
        call = WatchGrpc.newBlockingV2Stub(etcd.channel()).withWaitForReady()
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)).watch();
    }

    /** Asks for a watcher; {@code program} is run for each of its events unless it is empty. */
    void create(WatchCreateRequest request, List<String> program)
            throws StatusException, InterruptedException {
        programs.put(request.getWatchId(), program);
        call.write(WatchRequest.newBuilder().setCreateRequest(request).build());
    }

    /** Asks how far the watchers are. */
    void askForProgress() throws StatusException, InterruptedException {
        call.write(WatchRequest.newBuilder()
                .setProgressRequest(WatchProgressRequest.getDefaultInstance()).build());
    }

    /**
     * Shows the next response; false when the stream is over.
     *
     * @throws CommandFailure if a watcher was canceled or its program failed
     */
    boolean showNext() throws StatusException, InterruptedException {
        WatchResponse response = call.read();
        if (response == null) {
            return false;
        }
        if (response.getCanceled()) {
            System.err.println("watch was canceled (" + (response.getCompactRevision() != 0
                    ? COMPACTED
                    : response.getCancelReason()) + ")");
            throw CommandFailure.interrupted("watch is canceled by the server");
        }
        if (!response.getCreated()) {
            show(response);
        }
        return true;
    }

    private void show(WatchResponse response) throws InterruptedException {
        if (response.getEventsCount() == 0) {
            printer.say("progress notify: " + response.getHeader().getRevision());
        }
        printer.print(new WatchAnswer(response));
        List<String> program = programs.getOrDefault(response.getWatchId(), List.of());
        if (program.isEmpty()) {
            return;
        }
        for (Event event : response.getEventsList()) {
            tell(program, event, response.getHeader().getRevision());
        }
    }

    private static void tell(List<String> program, Event event, long revision)
            throws InterruptedException {
        Optional<String> failure = ChildProgram.run(program,
                Map.of("ETCD_WATCH_REVISION", Long.toString(revision), "ETCD_WATCH_EVENT_TYPE",
                        GoText.quoted(event.getType().name()), "ETCD_WATCH_KEY",
                        GoText.quoted(event.getKv().getKey()), "ETCD_WATCH_VALUE",
                        GoText.quoted(event.getKv().getValue())));
        if (failure.isPresent()) {
            System.err.println("command ["
                    + String.join(" ", program.stream().map(GoText::quoted).toList()) + "] error ("
                    + failure.get() + ")");
            throw CommandFailure.alreadyTold();
        }
    }
}
