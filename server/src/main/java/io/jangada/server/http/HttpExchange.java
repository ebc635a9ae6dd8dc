// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * One request and its answer. Owned by the connection's Netty loop, except for {@link #send} and {@link #inLoop}. Ends once,
 * and then the connection's next request is looked at.
 */
final class HttpExchange {
    static final String TEXT = "text/plain; charset=utf-8";
    static final String JSON = "application/json";
    private static final String V3_BETA = "/v3beta/";

    private final ChannelHandlerContext context;
    private final FullHttpRequest request;
    private final Runnable ended;
    private final HttpHeaders added;
    private final String path;
    private final Map<String, List<String>> parameters;
    private final boolean keepsAlive;
    private Runnable gone = HttpExchange::nothing;
    private Runnable writable = HttpExchange::nothing;
    private boolean over;

    /**
     * An exchange that calls {@code ended} when it is answered.
     *
     * @param request becomes the exchange's, which releases it
     * @param added headers of the answer
     */
    HttpExchange(ChannelHandlerContext context, FullHttpRequest request, HttpHeaders added,
            Runnable ended) {
        this.context = context;
        this.request = request;
        this.ended = ended;
        this.added = added;
        QueryStringDecoder uri = new QueryStringDecoder(request.uri());
        this.path = uri.path().startsWith(V3_BETA)
                ? "/v3/" + uri.path().substring(V3_BETA.length())
                : uri.path();
        this.parameters = uri.parameters();
        this.keepsAlive = HttpUtil.isKeepAlive(request);
    }

    /** The path, without its query; {@code /v3beta/} has become {@code /v3/}. */
    String path() {
        return path;
    }

    HttpMethod method() {
        return request.method();
    }

    HttpHeaders headers() {
        return request.headers();
    }

    /** The values of a parameter of the query; empty if it is not there. */
    List<String> parameter(String name) {
        return parameters.getOrDefault(name, List.of());
    }

    String body() {
        return request.content().toString(StandardCharsets.UTF_8);
    }

    FullHttpRequest request() {
        return request;
    }

    ChannelHandlerContext context() {
        return context;
    }

    boolean isWritable() {
        return context.channel().isWritable();
    }

    /** Calls {@code action} if the client goes away before the end. */
    void onGone(Runnable action) {
        gone = action;
    }

    /** Calls {@code action} whenever the client has read so much that more may be written. */
    void onWritable(Runnable action) {
        writable = action;
    }

    /** The client is gone: what is still said is dropped. */
    void goneAway() {
        Runnable action = gone;
        letGo();
        action.run();
    }

    void becameWritable() {
        writable.run();
    }

    /** Answers {@code 405} to what is not a GET; whether it is one. */
    boolean isGet() {
        if (method().equals(HttpMethod.GET)) {
            return true;
        }
        added.set(HttpHeaderNames.ALLOW, "GET");
        send(HttpResponseStatus.METHOD_NOT_ALLOWED, TEXT, "Method Not Allowed\n");
        return false;
    }

    void send(HttpResponseStatus status, String type, String body) {
        send(status, type, body.getBytes(StandardCharsets.UTF_8));
    }

    /** The whole answer, from any thread. */
    void send(HttpResponseStatus status, String type, byte[] body) {
        inLoop(() -> sendInLoop(status, type, body));
    }

    /** Runs {@code action} on the connection's loop, at once if this is it. From any thread. */
    void inLoop(Runnable action) {
        if (context.executor().inEventLoop()) {
            action.run();
        } else {
            context.executor().execute(action);
        }
    }

    private void sendInLoop(HttpResponseStatus status, String type, byte[] body) {
        if (over) {
            return;
        }
        DefaultFullHttpResponse response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
                status, method().equals(HttpMethod.HEAD)
                        ? Unpooled.EMPTY_BUFFER
                        : Unpooled.wrappedBuffer(body));
        describe(response, type);
        response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.length);
        finish(response);
    }

    /** Begins an answer of unknown length. */
    void begin(HttpResponseStatus status, String type) {
        HttpResponse response = new DefaultHttpResponse(HttpVersion.HTTP_1_1, status);
        describe(response, type);
        HttpUtil.setTransferEncodingChunked(response, true);
        var ignored = context.write(response, context.voidPromise());
    }

    /** A piece of an answer that has begun; goes out at once. */
    void piece(String text) {
        if (over) {
            return;
        }
        var ignored = context.writeAndFlush(
                new DefaultHttpContent(Unpooled.copiedBuffer(text, StandardCharsets.UTF_8)),
                context.voidPromise());
    }

    /** Ends an answer that has begun. */
    void end() {
        if (over) {
            return;
        }
        finish(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private static void nothing() {}

    private void describe(HttpResponse response, String type) {
        response.headers().set(added).set(HttpHeaderNames.CONTENT_TYPE, type);
        HttpUtil.setKeepAlive(response, keepsAlive);
    }

    private void finish(Object last) {
        letGo();
        var written = context.writeAndFlush(last);
        if (!keepsAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
        ended.run();
    }

    /** The connection speaks another protocol from now on; nothing is answered here. */
    void letGo() {
        if (!over) {
            over = true;
            gone = HttpExchange::nothing;
            writable = HttpExchange::nothing;
            request.release();
        }
    }
}
