// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.server.config.ClientLimits;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a client can take of a member, and what it costs one that takes more. */
@Timeout(60)
class ClientLimitsTest {
    private static final String RANGE = "etcdserverpb.KV/Range";
    private static final ByteString KEY = ByteString.copyFromUtf8("key");
    private static final int VALUE_BYTES = 100_000;
    private static final RangeRequest GET = RangeRequest.newBuilder().setKey(KEY).build();
    private static final Duration NEVER = Duration.ZERO;

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    private OneMember start(ClientLimits limits) throws Exception {
        OneMember member = OneMember
                .start(OneMember.config(folder).limits(limits).maxConcurrentStreams(50).build());
        var ignored = KVGrpc.newBlockingStub(member.channel()).put(PutRequest.newBuilder()
                .setKey(KEY).setValue(ByteString.copyFrom(new byte[VALUE_BYTES])).build());
        return member;
    }

    private static ClientLimits limits(Duration stall) {
        return new ClientLimits(100, 10_000, 1 << 30, stall, 100, 0, Map.of());
    }

    private static int port(OneMember member) {
        return member.server().clientAddresses().getFirst().getPort();
    }

    private static RangeResponse get(OneMember member) {
        return KVGrpc.newBlockingStub(member.channel()).withDeadlineAfter(20, TimeUnit.SECONDS)
                .range(GET);
    }

    @Test
    void resettingStreamsAsFastAsTheyBeginCostsTheConnection() throws Exception {
        try (OneMember member = start(limits(NEVER));
                RawHttp2 client = new RawHttp2(port(member), 65_535)) {
            int begun = 0;
            try {
                for (; begun < 5_000; begun++) {
                    client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * begun + 1,
                            RawHttp2.headers(RANGE));
                    client.send(RawHttp2.RESET, 0, 2 * begun + 1, new byte[]{0, 0, 0, 8});
                }
            } catch (IOException closed) {
                // As it should be.
            }
            client.readToEnd();
            assertThat(get(member).getKvsCount()).isEqualTo(1);
        }
    }

    @Test
    void headersThatDoNotEndCostTheConnection() throws Exception {
        try (OneMember member = start(limits(NEVER))) {
            for (int bytes : List.of(0, 1, 4_000)) {
                try (RawHttp2 client = new RawHttp2(port(member), 65_535)) {
                    client.send(RawHttp2.HEADERS, 0, 1, RawHttp2.headers(RANGE));
                    ByteArrayOutputStream block = new ByteArrayOutputStream();
                    while (block.size() < bytes) {
                        RawHttp2.field(block, "name", "value");
                    }
                    try {
                        for (int i = 0; i < 5_000; i++) {
                            client.send(RawHttp2.CONTINUATION, 0, 1,
                                    bytes == 1 ? new byte[]{0} : block.toByteArray());
                        }
                    } catch (IOException closed) {
                        // As it should be.
                    }
                    client.readToEnd();
                }
            }
            assertThat(get(member).getKvsCount()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatGivesNoWindowForItsAnswerIsCutOff() throws Exception {
        try (OneMember member = start(limits(Duration.ofMillis(300)));
                RawHttp2 client = new RawHttp2(port(member), 0)) {
            client.call(1, RANGE, GET);
            client.readToEnd();
        }
    }

    @Test
    void aClientThatReadsSlowlyButReadsIsNotCutOff() throws Exception {
        try (OneMember member = start(limits(Duration.ofMillis(300)));
                RawHttp2 client = new RawHttp2(port(member), 1_000)) {
            client.call(1, RANGE, GET);
            int received = 0;
            while (received < 20_000) {
                RawHttp2.Frame frame = client.read().orElseThrow();
                if (frame.type() == RawHttp2.DATA) {
                    received += frame.payload().size();
                    LockSupport.parkNanos(50_000_000);
                    byte[] more = ByteBuffer.allocate(4).putInt(frame.payload().size()).array();
                    client.send(8, 0, 1, more);
                    client.send(8, 0, 0, more);
                }
            }
            assertThat(received).isGreaterThanOrEqualTo(20_000);
        }
    }

    @Test
    void aClientThatDoesNotReadAcknowledgementsIsCutOff() throws Exception {
        try (OneMember member = start(limits(NEVER));
                RawHttp2 client = new RawHttp2(port(member), 65_535)) {
            ByteArrayOutputStream many = new ByteArrayOutputStream();
            for (int i = 0; i < 10_000; i++) {
                many.write(RawHttp2.frame(RawHttp2.SETTINGS, 0, 0, new byte[0]));
            }
            byte[] frames = many.toByteArray();
            assertThatThrownBy(() -> {
                for (int i = 0; i < 10_000; i++) {
                    client.send(frames);
                }
            }).isInstanceOf(IOException.class);
            assertThat(get(member).getKvsCount()).isEqualTo(1);
        }
    }

    @Test
    void whileAnswersAreNotTakenReadsAreRefusedAndWritesAreNot() throws Exception {
        ClientLimits limits = new ClientLimits(100, 10_000, 3 * VALUE_BYTES, NEVER, 100, 0,
                Map.of());
        try (OneMember member = start(limits)) {
            try (RawHttp2 client = new RawHttp2(port(member), 0)) {
                for (int stream = 1; stream < 20; stream += 2) {
                    client.call(stream, RANGE, GET);
                }
                StatusRuntimeException refused = untilRefused(member);
                assertThat(refused).hasMessageContaining("etcdserver: too many requests");
                var ignored = KVGrpc.newBlockingStub(member.channel())
                        .put(PutRequest.newBuilder().setKey(KEY).build());
            }
            boolean isServed = false;
            while (!isServed) { // JUnit's time limit ends this.
                try {
                    isServed = get(member).getKvsCount() == 1;
                } catch (StatusRuntimeException notYet) {
                    LockSupport.parkNanos(10_000_000);
                }
            }
        }
    }

    private static StatusRuntimeException untilRefused(OneMember member) {
        while (true) { // JUnit's time limit ends this.
            try {
                var ignored = get(member);
                LockSupport.parkNanos(10_000_000);
            } catch (StatusRuntimeException refused) {
                return refused;
            }
        }
    }

    @Test
    void oneStreamTooManyIsRefused() throws Exception {
        try (OneMember member = start(limits(NEVER));
                RawHttp2 client = new RawHttp2(port(member), 65_535)) {
            for (int i = 0; i <= 50; i++) {
                client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2 * i + 1,
                        RawHttp2.headers(RANGE));
            }
            RawHttp2.Frame frame;
            do {
                frame = client.read().orElseThrow();
            } while (frame.type() != RawHttp2.RESET);
            assertThat(frame.stream()).isEqualTo(101);
            assertThat(frame.payload().toByteArray()).containsExactly(0, 0, 0, 7); // REFUSED_STREAM
        }
    }

    @Test
    void oneConnectionTooManyIsClosedAtOnce() throws Exception {
        ClientLimits limits = new ClientLimits(3, 10_000, 1 << 30, NEVER, 100, 0, Map.of());
        try (OneMember member = start(limits)) { // Its own channel is one.
            List<Socket> held = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                held.add(new Socket(InetAddress.getLoopbackAddress(), port(member)));
                held.get(i).getOutputStream().write("GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                assertThat(held.get(i).getInputStream().read()).isEqualTo('H');
            }
            try (Socket surplus = new Socket(InetAddress.getLoopbackAddress(), port(member))) {
                surplus.setSoTimeout(20_000);
                assertThat(surplus.getInputStream().read()).isEqualTo(-1);
            }
            for (Socket one : held) {
                one.close();
            }
            assertThat(get(member).getKvsCount()).isEqualTo(1);
        }
    }

    @Test
    void rangesThatWaitForAReaderAreBounded() throws Exception {
        ClientLimits limits = new ClientLimits(100, 1, 1 << 30, NEVER, 100, 0, Map.of());
        try (OneMember member = start(limits)) {
            RangeRequest all = RangeRequest.newBuilder().setKey(ByteString.copyFrom(new byte[1]))
                    .setRangeEnd(ByteString.copyFrom(new byte[1])).build();
            var kv = KVGrpc.newFutureStub(member.channel());
            int served = 0;
            int refused = 0;
            while (served == 0 || refused == 0) { // JUnit's time limit ends this.
                List<Future<RangeResponse>> open = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    open.add(kv.range(all));
                }
                for (Future<RangeResponse> one : open) {
                    try {
                        var ignored = one.get();
                        served++;
                    } catch (ExecutionException failure) {
                        assertThat(failure).hasMessageContaining("etcdserver: too many requests");
                        refused++;
                    }
                }
            }
        }
    }

    @Test
    void requestsOfAMethodBeyondItsRateAreRefusedAndOthersAreNot() throws Exception {
        ClientLimits limits = new ClientLimits(100, 10_000, 1 << 30, NEVER, 100, 0,
                Map.of("Range", 1));
        try (OneMember member = start(limits)) {
            StatusRuntimeException refused = untilRefused(member);
            assertThat(refused).hasMessageContaining("etcdserver: too many requests");
            for (int i = 0; i < 5; i++) {
                var ignored = KVGrpc.newBlockingStub(member.channel())
                        .put(PutRequest.newBuilder().setKey(KEY).build());
            }
        }
    }
}
