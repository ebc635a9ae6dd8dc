// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import static io.jangada.cli.JetcdIT.answer;
import static io.jangada.cli.JetcdIT.bytes;
import static io.jangada.cli.JetcdIT.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.WatchOption;
import io.etcd.jetcd.watch.WatchEvent;
import io.etcd.jetcd.watch.WatchResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** jetcd's watchers against three members, one of which is killed. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@SuppressWarnings("NullAway.Init") // Set before the tests.
class JetcdWatchIT {
    private static final int ANSWER_SECONDS = 30;

    private Cluster cluster;
    private Client client;
    private KV kv;

    @BeforeAll
    void start(@TempDir Path folder) throws IOException {
        cluster = new Cluster(3, folder).start();
        client = Client.builder().endpoints(
                cluster.members().stream().map(JetcdIT::uri).toArray(String[]::new)).build();
        kv = client.getKVClient();
    }

    @AfterAll
    void stop() {
        if (client != null) {
            client.close();
        }
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void tellsOfHistoryChangesAndProgressUntilItIsClosed() throws Exception {
        long first = answer(kv.put(bytes("w/a"), bytes("1"))).getHeader().getRevision();
        var heard = new Heard();
        Watch.Watcher watcher = client.getWatchClient().watch(bytes("w/"), WatchOption.builder()
                .isPrefix(true).withRevision(first).withPrevKV(true).build(), heard);
        WatchEvent created = heard.next();
        assertThat(created.getEventType()).isEqualTo(WatchEvent.EventType.PUT);
        assertThat(created.getKeyValue().getModRevision()).isEqualTo(first);
        assertThat(created.getPrevKV().getModRevision()).isZero();

        answer(kv.put(bytes("w/a"), bytes("2")));
        assertThat(text(heard.next().getPrevKV().getValue())).isEqualTo("1");
        long last = answer(kv.delete(bytes("w/a"))).getHeader().getRevision();
        WatchEvent deleted = heard.next();
        assertThat(deleted.getEventType()).isEqualTo(WatchEvent.EventType.DELETE);
        assertThat(deleted.getKeyValue().getModRevision()).isEqualTo(last);
        assertThat(text(deleted.getPrevKV().getValue())).isEqualTo("2");

        watcher.requestProgress();
        assertThat(heard.progress.poll(ANSWER_SECONDS, TimeUnit.SECONDS))
                .isGreaterThanOrEqualTo(last);
        watcher.close();
        answer(heard.completed);
        assertThat(watcher.isClosed()).isTrue();
        assertThat(heard.events).isEmpty();
    }

    @Test
    void leavesOutWhatItDoesNotWant() throws Exception {
        var heard = new Heard();
        long from = answer(kv.put(bytes("f"), bytes("1"))).getHeader().getRevision();
        try (Watch.Watcher watcher = client.getWatchClient().watch(bytes("f"), WatchOption
                .builder().withRevision(from).withNoPut(true).build(), heard)) {
            answer(kv.put(bytes("f"), bytes("2")));
            answer(kv.delete(bytes("f")));
            assertThat(heard.next().getEventType()).isEqualTo(WatchEvent.EventType.DELETE);
            assertThat(watcher.isClosed()).isFalse();
        }
    }

    @Test
    void isToldThatItsRevisionIsCompacted() throws Exception {
        long old = answer(kv.put(bytes("c"), bytes("1"))).getHeader().getRevision();
        long revision = answer(kv.put(bytes("c"), bytes("2"))).getHeader().getRevision();
        answer(kv.compact(revision));
        cluster.awaitEqualIndex(); // Whoever serves the watcher has it compacted.
        var heard = new Heard();
        try (Watch.Watcher watcher = client.getWatchClient().watch(bytes("c"),
                WatchOption.builder().withRevision(old - 1).build(), heard)) {
            assertThat(answer(heard.failed)).hasMessageContaining("compacted");
            assertThat(watcher).isNotNull();
        }
    }

    @Test
    void goesOnWithoutAGapWhenItsMemberIsKilled() throws Exception {
        List<Long> members = new ArrayList<>();
        cluster.members().forEach(member -> members.add(
                member.status().orElseThrow().getHeader().getMemberId()));
        var heard = new Heard();
        long written = answer(kv.put(bytes("r"), bytes("0"))).getHeader().getRevision();
        try (Watch.Watcher watcher = client.getWatchClient().watch(bytes("r"),
                WatchOption.builder().withRevision(written).build(), heard)) {
            assertThat(text(heard.next().getKeyValue().getValue())).isEqualTo("0");
            int serving = members.indexOf(heard.memberId);
            MemberProcess killed = cluster.members().get(serving);
            killed.kill();
            MemberProcess other = cluster.members().get((serving + 1) % 3);
            try (Client writer = Client.builder().endpoints(JetcdIT.uri(other))
                    .build()) {
                for (int i = 1; i <= 100; i++) {
                    answer(writer.getKVClient().put(bytes("r"), bytes("" + i)));
                }
            }
            for (int i = 1; i <= 100; i++) {
                assertThat(text(heard.next().getKeyValue().getValue())).isEqualTo("" + i);
            }
            assertThat(heard.memberId).isNotEqualTo(members.get(serving));
            assertThat(watcher.isClosed()).isFalse();
            killed.start();
            cluster.awaitLeaderEverywhere();
        }
    }

    /** What a watcher was told; filled by jetcd's threads. */
    private static final class Heard implements Watch.Listener {
        private final LinkedBlockingQueue<WatchEvent> events = new LinkedBlockingQueue<>();
        private final LinkedBlockingQueue<Long> progress = new LinkedBlockingQueue<>();
        private final CompletableFuture<Throwable> failed = new CompletableFuture<>();
        private final CompletableFuture<Boolean> completed = new CompletableFuture<>();
        /** Who sent the last events; written by jetcd's threads, read by the test's. */
        private volatile long memberId;

        @Override
        public void onNext(WatchResponse response) {
            if (response.isProgressNotify()) {
                progress.add(response.getHeader().getRevision());
            }
            memberId = response.getHeader().getMemberId();
            events.addAll(response.getEvents());
        }

        @Override
        public void onError(Throwable failure) {
            failed.complete(failure);
        }

        @Override
        public void onCompleted() {
            completed.complete(true);
        }

        WatchEvent next() throws InterruptedException {
            WatchEvent event = events.poll(ANSWER_SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("an event; failure: %s", failed.getNow(null)).isNotNull();
            return event;
        }
    }
}
