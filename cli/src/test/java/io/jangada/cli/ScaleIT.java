// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.etcd.RangeStreamResponse;
import io.jangada.api.mvcc.KeyValue;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a member with little heap bears: keys, connections, watchers, watchers that do not read, and large ranges. Each
 * prints what a light client sees beside it; {@code -Djangada.scale=full} is the size that must hold.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ScaleIT {
    private static final Scale SCALE = Scale.PRESENT;
    private static final int PUTS_A_SECOND = 2_000;
    private static final int LARGE_PUTS_A_SECOND = 250;
    private static final String QUOTA = "--quota-backend-bytes=17179869184";

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    private Path folder;

    private static ByteString bytes(String text) {
        return ByteString.copyFromUtf8(text);
    }

    /* What does not compress: as large on disk and on the wire as it says. */
    private static ByteString noise(int length) {
        byte[] noise = new byte[length];
        new Random(length).nextBytes(noise);
        return ByteString.copyFrom(noise);
    }

    private static RangeRequest.Builder all(String prefix) {
        return RangeRequest.newBuilder().setKey(bytes(prefix + "/"))
                .setRangeEnd(bytes(prefix + "0"));
    }

    @Test
    void keys() throws Exception {
        int count = SCALE.of(50_000, 1_000_000);
        try (ScaledMember scaled = ScaledMember.start(folder, QUOTA)) {
            scaled.underLoad(count + " keys put", () -> {
                scaled.put(count, i -> String.format("k/%07d", i), noise(100));
                return count;
            });
            scaled.beside(count + " keys");
            assertKeys(scaled, count);
            assertThat(scaled.member().stop()).isZero();
            scaled.member().start();
            scaled.awaitLeader();
            assertKeys(scaled, count);
            scaled.assertSound();
        }
    }

    private static void assertKeys(ScaledMember scaled, int count) throws Exception {
        Channel channel = scaled.channel();
        var kv = KVGrpc.newBlockingStub(channel).withDeadlineAfter(10, TimeUnit.MINUTES);
        assertThat(kv.range(all("k").setCountOnly(true).build()).getCount()).isEqualTo(count);
        long streamed = scaled.underLoad(count + " keys streamed", () -> {
            int next = 0;
            Iterator<RangeStreamResponse> parts = kv.rangeStream(all("k").build());
            while (parts.hasNext()) {
                for (KeyValue found : parts.next().getRangeResponse().getKvsList()) {
                    assertThat(found.getKey().toStringUtf8())
                            .isEqualTo(String.format("k/%07d", next++));
                }
            }
            return next;
        });
        assertThat(streamed).isEqualTo(count);
        long paged = scaled.underLoad(count + " keys in pages of 10,000",
                () -> paged(kv, "k", 10_000).keyValues());
        assertThat(paged).isEqualTo(count);
    }

    @Test
    void connections() throws Exception {
        int count = SCALE.of(500, 10_000);
        try (ScaledMember scaled = ScaledMember.start(folder)) {
            scaled.put(1, i -> "r/" + i, noise(100));
            scaled.underLoad(count + " connections", () -> {
                List<BareConnection> connections = new ArrayList<>();
                for (int i = 0; i < count; i++) {
                    connections.add(scaled.connection());
                    if (i % 100 == 99) {
                        ask(connections.subList(i - 99, i + 1));
                    }
                }
                ask(connections); // All of them at once.
                ask(connections);
                return connections;
            });
            scaled.beside(count + " connections");
            scaled.assertSound();
        }
    }

    private static void ask(List<BareConnection> connections) throws Exception {
        List<RangeCounter> answers = new ArrayList<>();
        for (BareConnection connection : connections) {
            RangeCounter answer = new RangeCounter();
            connection.call("etcdserverpb.KV/Range", all("r").build(), answer);
            answers.add(answer);
        }
        for (RangeCounter answer : answers) {
            var counted = answer.ended().get(60, TimeUnit.SECONDS);
            assertThat(counted.status()).as(counted.toString()).isEqualTo("0");
            assertThat(counted.keyValues()).isEqualTo(1);
        }
    }

    @Test
    void watchers() throws Exception {
        int streamCount = SCALE.of(50, 1_000);
        try (ScaledMember scaled = ScaledMember.start(folder)) {
            List<ManyWatchers> streams = new ArrayList<>();
            Channel channel = scaled.channel();
            for (int i = 0; i < streamCount; i++) {
                channel = i % 10 == 0 ? scaled.channel() : channel;
                streams.add(new ManyWatchers(channel, "w/" + i + "/"));
            }
            scaled.underLoad(streamCount * ManyWatchers.COUNT + " watchers", () -> {
                streams.forEach(ManyWatchers::open);
                Cluster.await("watchers", 300,
                        () -> streams.stream().allMatch(ManyWatchers::areCreated));
                return streams;
            });
            scaled.beside(streamCount * ManyWatchers.COUNT + " watchers");
            for (int round = 0; round < 2; round++) {
                int perSecond = round == 0 ? Integer.MAX_VALUE : PUTS_A_SECOND;
                String pace = round == 0 ? "" : ", " + perSecond + " puts a second";
                scaled.underLoad("an event for each, and one for all of a stream" + pace, () -> {
                    scaled.put(streamCount * ManyWatchers.COUNT, perSecond,
                            i -> "w/" + i / ManyWatchers.COUNT
                                    + "/" + i % ManyWatchers.COUNT,
                            noise(100));
                    Cluster.await("events", 300,
                            () -> streams.stream().allMatch(ManyWatchers::haveHeard));
                    return streams;
                });
                streams.forEach(ManyWatchers::askForProgress);
                Cluster.await("progress", 60,
                        () -> streams.stream().allMatch(ManyWatchers::haveProgress));
                streams.forEach(ManyWatchers::assertOnce);
            }
            scaled.assertSound();
        }
    }

    @Test
    void watchersThatDoNotRead() throws Exception {
        int stalledCount = SCALE.of(50, 1_000);
        int valueBytes = 64 << 10;
        int eventCount = SCALE.of(64, 1_024) * (1 << 20) / valueBytes;
        try (ScaledMember scaled = ScaledMember.start(folder, QUOTA)) {
            List<HeardEvents> stalled = new ArrayList<>();
            ManagedChannel channel = scaled.channel();
            for (int i = 0; i < stalledCount; i++) {
                channel = i % 20 == 0 ? scaled.channel() : channel;
                stalled.add(new HeardEvents(channel, bytes("e/"), bytes("e0")));
            }
            List<HeardEvents> reading = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                reading.add(new HeardEvents(scaled.channel(), bytes("e/"), bytes("e0")));
            }
            long revision = revision(scaled);
            stalled.forEach(watcher -> watcher.open(revision, false));
            reading.forEach(watcher -> watcher.open(revision, true));
            Cluster.await("watchers", 60, () -> stalled.stream().allMatch(HeardEvents::isCreated)
                    && reading.stream().allMatch(HeardEvents::isCreated));
            scaled.underLoad(
                    (eventCount * (long) valueBytes / (1 << 20)) + " MiB of events, "
                            + LARGE_PUTS_A_SECOND + " puts a second, " + stalledCount
                            + " watchers do not read",
                    () -> {
                        scaled.put(eventCount, LARGE_PUTS_A_SECOND, i -> "e/" + i % 1000,
                                noise(valueBytes));
                        Cluster.await("events", 300, () -> reading.stream()
                                .allMatch(watcher -> watcher.count() >= eventCount));
                        return eventCount;
                    });
            List<HeardEvents> again = stalled.subList(0, SCALE.of(5, 4));
            scaled.underLoad(again.size() + " of them read again", () -> {
                again.forEach(HeardEvents::read);
                Cluster.await("events", 600, () -> again.stream()
                        .allMatch(watcher -> watcher.count() >= eventCount));
                return again;
            });
            System.out.println("scale: streams that the member ended: "
                    + stalled.stream().mapToInt(HeardEvents::endings).sum());
            for (HeardEvents watcher : reading) {
                assertThat(watcher.endings()).isZero();
            }
            reading.addAll(again);
            for (HeardEvents watcher : reading) {
                assertThat(watcher.wrong()).isNull();
                assertThat(watcher.count()).isEqualTo(eventCount);
            }
            scaled.assertSound();
        }
    }

    private static long revision(ScaledMember scaled) {
        return scaled.member().kv(10_000).put(
                PutRequest.newBuilder().setKey(bytes("revision")).build()).getHeader()
                .getRevision();
    }

    @Test
    void largeRanges() throws Exception {
        int clientCount = SCALE.of(8, 100);
        int valueBytes = 100_000;
        int count = SCALE.of(500, 5_000);
        try (ScaledMember scaled = ScaledMember.start(folder, QUOTA)) {
            scaled.put(count, i -> String.format("r/%07d", i), noise(valueBytes));
            var kv = KVGrpc.newBlockingStub(scaled.channel()).withDeadlineAfter(10,
                    TimeUnit.MINUTES);
            Contents contents = paged(kv, "r", 10);
            assertThat(contents.keyValues()).isEqualTo(count);

            List<RangeCounter.Counted> answers = scaled.underLoad(
                    clientCount + " ranges of " + (count * (long) valueBytes / 1_000_000) + " MB",
                    () -> {
                        List<RangeCounter> open = new ArrayList<>();
                        for (int i = 0; i < clientCount; i++) {
                            RangeCounter answer = new RangeCounter();
                            scaled.connection().call("etcdserverpb.KV/Range", all("r").build(),
                                    answer);
                            open.add(answer);
                        }
                        List<RangeCounter.Counted> ended = new ArrayList<>();
                        for (RangeCounter answer : open) {
                            ended.add(answer.ended().get(15, TimeUnit.MINUTES));
                        }
                        return ended;
                    });
            int served = 0;
            for (RangeCounter.Counted answer : answers) {
                if (answer.status().equals("8")) {
                    assertThat(answer.message()).isEqualTo("etcdserver: too many requests");
                    continue;
                }
                served++;
                assertThat(answer).isEqualTo(new RangeCounter.Counted("0", "", true, count, count,
                        contents.sum()));
            }
            System.out.println("scale: served " + served + ", refused " + (clientCount - served));
            assertThat(served).isPositive();

            CRC32C streamed = new CRC32C();
            scaled.underLoad("the same streamed", () -> {
                kv.rangeStream(all("r").build()).forEachRemaining(part -> part.getRangeResponse()
                        .getKvsList().forEach(found -> RangeCounter.add(streamed, found)));
                return count;
            });
            assertThat(streamed.getValue()).isEqualTo(contents.sum());
            scaled.assertSound();
        }
    }

    /** What a range had: how many key-values, and their checksum. */
    private record Contents(long keyValues, long sum) {}

    private static Contents paged(KVGrpc.KVBlockingStub kv, String prefix, int limit) {
        CRC32C sum = new CRC32C();
        long count = 0;
        RangeRequest request = all(prefix).setLimit(limit).build();
        RangeResponse page;
        do {
            page = kv.range(request);
            page.getKvsList().forEach(found -> RangeCounter.add(sum, found));
            count += page.getKvsCount();
            request = request.toBuilder().setRevision(page.getHeader().getRevision())
                    .setKey(page.getKvs(page.getKvsCount() - 1).getKey().concat(bytes("\0")))
                    .build();
        } while (page.getMore());
        return new Contents(count, sum.getValue());
    }
}
