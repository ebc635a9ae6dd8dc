// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.PutResponse;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.ResponseHeader;
import io.jangada.api.etcd.StatusRequest;
import io.jangada.api.etcd.StatusResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The whole program against a server that answers everything, or refuses puts. */
class LoadTest {
    private static final ResponseHeader HEADER = ResponseHeader.newBuilder().setMemberId(1).build();

    private final AtomicLong puts = new AtomicLong();
    private final AtomicLong serializableRanges = new AtomicLong();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private volatile boolean refusePuts;
    private Server server = NettyServerBuilder.forPort(0).build();
    private int port;

    @BeforeEach
    void start() throws IOException {
        server = NettyServerBuilder.forPort(0)
                .addService(new EchoKv())
                .addService(new LeaderStatus())
                .directExecutor()
                .build()
                .start();
        port = server.getPort();
    }

    @AfterEach
    void stop() {
        server.shutdownNow();
    }

    @Test
    void closedLoopPutsAreReported() {
        assertThat(load("--operation=put", "--clients=4")).isZero();
        assertThat(out.toString()).contains("\"operation\":\"put\"", "\"clients\":4",
                "\"errors\":{}",
                "\"unanswered\":0");
        assertThat(completed()).isPositive().isLessThanOrEqualTo(puts.get());
    }

    @Test
    void openLoopCountsEveryRequestThatWasDue() {
        assertThat(load("--operation=put", "--rate=200", "--in-flight=1")).isZero();
        assertThat(completed()).isBetween(199L, 201L);
    }

    @Test
    void readsPutEveryKeyBefore() {
        assertThat(load("--operation=serializable", "--keys=123", "--clients=2")).isZero();
        assertThat(puts).hasValue(123);
        assertThat(serializableRanges.get()).isGreaterThanOrEqualTo(completed());
    }

    @Test
    void refusalsAreCountedAndDoNotStopTheLoop() {
        refusePuts = true;
        assertThat(load("--operation=put", "--clients=1")).isZero();
        assertThat(completed()).isZero();
        assertThat(out.toString()).containsPattern("\"errors\":\\{\"RESOURCE_EXHAUSTED\":[1-9]");
        assertThat(puts.get()).isGreaterThan(1);
    }

    @Test
    void aServerThatIsAwayIsNamedInOneLine() {
        server.shutdownNow();
        assertThat(load("--operation=put", "--await=0")).isEqualTo(1);
        assertThat(err.toString()).contains("127.0.0.1:" + port).hasLineCount(1);
    }

    @Test
    void senselessOptionsAreRefused() {
        assertThat(load("--clients=0")).isEqualTo(2);
        assertThat(puts).hasValue(0);
    }

    private int load(String... options) {
        var command = new CommandLine(new Load()).setCaseInsensitiveEnumValuesAllowed(true)
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        String[] all = new String[options.length + 4];
        System.arraycopy(options, 0, all, 4, options.length);
        all[0] = "--endpoints=127.0.0.1:" + port;
        all[1] = "--warm-up=0";
        all[2] = "--duration=1";
        all[3] = "--json";
        return command.execute(all);
    }

    private long completed() {
        return Long.parseLong(out.toString().replaceAll("(?s).*\"completed\":(\\d+).*", "$1"));
    }

    private final class EchoKv extends KVGrpc.KVImplBase {
        @Override
        public void put(PutRequest request, StreamObserver<PutResponse> observer) {
            puts.incrementAndGet();
            if (refusePuts) {
                observer.onError(Status.RESOURCE_EXHAUSTED.asRuntimeException());
                return;
            }
            observer.onNext(PutResponse.newBuilder().setHeader(HEADER).build());
            observer.onCompleted();
        }

        @Override
        public void range(RangeRequest request, StreamObserver<RangeResponse> observer) {
            if (request.getSerializable()) {
                serializableRanges.incrementAndGet();
            }
            observer.onNext(RangeResponse.newBuilder().setHeader(HEADER).build());
            observer.onCompleted();
        }
    }

    private static final class LeaderStatus extends MaintenanceGrpc.MaintenanceImplBase {
        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> observer) {
            observer.onNext(StatusResponse.newBuilder().setHeader(HEADER).setLeader(1).build());
            observer.onCompleted();
        }
    }
}
