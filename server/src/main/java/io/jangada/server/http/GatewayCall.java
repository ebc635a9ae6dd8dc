// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonParseException;
import com.google.gson.JsonStreamParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One call of a service in this process on behalf of a client that speaks JSON. The next message is asked
 * for only while the client reads, so that a service sees a slow client as slow, and nothing piles up
 * here. Owned by the Netty loop of the connection.
 */
final class GatewayCall extends ClientCall.Listener<Message> {

    private final GatewayRoute route;
    private final GatewaySink sink;
    private final ClientCall<Message, Message> call;
    private Runnable ready = GatewayCall::nothing;
    private @Nullable String only;
    private boolean owesRequest;
    private boolean halfClosed;
    private boolean over;

    private GatewayCall(GatewayRoute route, GatewaySink sink, ClientCall<Message, Message> call) {
        this.route = route;
        this.sink = sink;
        this.call = call;
    }

    /**
     * Begins a call.
     *
     * @param loop the loop that this call belongs to, and that calls the sink
     */
    static GatewayCall start(Channel channel, Executor loop, GatewayRoute route, Metadata metadata,
            GatewaySink sink) {
        GatewayCall started = new GatewayCall(route, sink, channel.newCall(route.method(),
                CallOptions.DEFAULT.withExecutor(loop)));
        started.call.start(started, metadata);
        started.call.request(1);
        return started;
    }

    /** Sends what {@code text} holds: a request, or several one after the other if the method takes them. */
    void send(String text) {
        try {
            if (!route.takesSeveral()) {
                call.sendMessage(route.parse(text));
                halfClose();
                return;
            }
            JsonStreamParser values = new JsonStreamParser(text);
            while (!over && values.hasNext()) {
                JsonElement value = values.next();
                call.sendMessage(route.parse(value.toString()));
            }
        } catch (InvalidProtocolBufferException | JsonParseException malformed) {
            refuse(String.valueOf(malformed.getMessage()));
        }
    }

    /** The client sends no more. */
    void halfClose() {
        if (!over && !halfClosed) {
            halfClosed = true;
            call.halfClose();
        }
    }

    /** Whether the client has sent all that it may. */
    boolean isHalfClosed() {
        return halfClosed;
    }

    /** Whether the service takes more messages now; if not, {@code action} is called when it does. */
    boolean isReady(Runnable action) {
        ready = action;
        return over || call.isReady();
    }

    /** The client reads again. */
    void resume() {
        if (owesRequest && sink.isWritable()) {
            owesRequest = false;
            call.request(1);
        }
    }

    /** The client is gone. */
    void cancel() {
        over = true;
        call.cancel("the client went away", null);
    }

    private static void nothing() {}

    private void refuse(String why) {
        call.cancel("malformed request", null);
        fail(Status.INVALID_ARGUMENT.withDescription(why));
    }

    @Override
    public void onMessage(Message message) {
        if (over) {
            return;
        }
        if (!route.givesSeveral()) {
            only = route.print(message);
            call.request(1); // To learn that it was the only one.
            return;
        }
        sink.message(route.print(message));
        owesRequest = true;
        resume();
    }

    @Override
    public void onReady() {
        ready.run();
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
        if (over) {
            return;
        }
        if (!status.isOk()) {
            fail(status);
            return;
        }
        over = true;
        if (only != null) {
            sink.only(only);
        } else {
            sink.end();
        }
        ready.run();
    }

    private void fail(Status status) {
        if (over) {
            return;
        }
        over = true;
        sink.failed(status, route.givesSeveral()
                ? GatewayError.streamJson(status)
                : GatewayError.json(status));
        ready.run();
    }
}
