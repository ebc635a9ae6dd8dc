// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.answer;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.WatchResponse;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The long answers on their way from the services to the client ports. gRPC wants a message whole before it writes
 * any of it. So a service answers with a note instead, a message that no service makes otherwise: it carries a secret of this
 * process and a number. The client port finds it among the frames that gRPC writes and puts the answer of that number in its
 * place. Thread-safe.
 */
public final class LongAnswers {
    private static final Context.Key<Boolean> WITHOUT_PORT = Context.key("jangada-without-port");
    /** The last one that protobuf allows; far from those in use. */
    private static final int FIELD = 536_870_911;
    private static final int SECRET_BYTES = 16;
    private static final int NUMBER_BYTES = Long.BYTES;
    private static final int TAG_BYTES = 6; // Five of the tag, one of the length.
    private static final int PREFIX_BYTES = 5; // gRPC's: a flag, and the length.
    private static final int NOTE_BYTES = PREFIX_BYTES + TAG_BYTES + SECRET_BYTES + NUMBER_BYTES;

    private final byte[] secret = new byte[SECRET_BYTES];
    /** 0 is no answer: it stands for the end of a stream. */
    private final AtomicLong numbers = new AtomicLong();
    private final Map<Long, LongAnswer> announced = new ConcurrentHashMap<>();

    /** None yet; {@code random} makes the secret. */
    public LongAnswers(SecureRandom random) {
        random.nextBytes(secret);
    }

    /** To be passed first by calls that come by no client port. */
    public static ServerInterceptor withoutPort() {
        return new ServerInterceptor() {
            @Override
            public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call,
                    Metadata headers, ServerCallHandler<A, B> next) {
                return Contexts.interceptCall(Context.current().withValue(WITHOUT_PORT, true), call,
                        headers, next);
            }
        };
    }

    /** Whether the call that is being served on this thread came by a client port. */
    public static boolean arePossible() {
        return WITHOUT_PORT.get() == null;
    }

    /** A note of {@code answer}. Whoever announces it forgets it when its call is over. */
    public Note announce(LongAnswer answer) {
        long number = numbers.incrementAndGet();
        announced.put(number, answer);
        return new Note(number,
                RangeResponse.newBuilder().setUnknownFields(fields(number)).build());
    }

    /**
     * A note in whose place the stream is reset: what waits for its client is dropped, where an orderly end would wait behind
     * it.
     */
    public WatchResponse reset() {
        return WatchResponse.newBuilder().setUnknownFields(fields(0)).build();
    }

    private UnknownFieldSet fields(long number) {
        ByteBuffer token = ByteBuffer.allocate(SECRET_BYTES + NUMBER_BYTES).put(secret)
                .putLong(number).flip();
        UnknownFieldSet.Field field = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFrom(token)).build();
        return UnknownFieldSet.newBuilder().addField(FIELD, field).build();
    }

    /** The answer of that number will not be asked for any more. */
    public void forget(long number) {
        announced.remove(number);
    }

    /**
     * What stands for an answer.
     *
     * @param number of the answer
     * @param message to be sent in its place
     */
    public record Note(long number, RangeResponse message) {}

    /**
     * The answer for which {@code frame}, a message with its prefix, stands, once. The frame is then cut to a prefix for that
     * answer.
     */
    public Optional<LongAnswer> take(ByteBuf frame) {
        if (announced.isEmpty() || !isNote(frame)) {
            return Optional.empty();
        }
        int begin = frame.readerIndex();
        Optional<LongAnswer> found = Optional.ofNullable(announced.remove(number(frame)));
        found.ifPresent(answer -> frame.setInt(begin + 1, answer.bytes())
                .writerIndex(begin + PREFIX_BYTES));
        return found;
    }

    /** Whether {@code frame} stands for the end of its stream. */
    public boolean isReset(ByteBuf frame) {
        return isNote(frame) && number(frame) == 0;
    }

    private boolean isNote(ByteBuf frame) {
        if (frame.readableBytes() != NOTE_BYTES) {
            return false;
        }
        int token = frame.readerIndex() + PREFIX_BYTES + TAG_BYTES;
        for (int i = 0; i < SECRET_BYTES; i++) {
            if (frame.getByte(token + i) != secret[i]) {
                return false;
            }
        }
        return true;
    }

    private static long number(ByteBuf note) {
        return note.getLong(note.readerIndex() + PREFIX_BYTES + TAG_BYTES + SECRET_BYTES);
    }
}
