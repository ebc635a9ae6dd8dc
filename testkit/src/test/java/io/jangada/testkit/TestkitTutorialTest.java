// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.KV;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.MemoryState;
import io.jangada.raftnode.MemoryStateMachine;
import io.jangada.testkit.raft.RaftCluster;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The code of docs/testkit.md. */
@Timeout(60)
class TestkitTutorialTest {
    private static final ByteSequence KEY = ByteSequence.from("key", UTF_8);
    private static final ByteSequence VALUE = ByteSequence.from("value", UTF_8);
    private static final long SEED = 1;

    @RegisterExtension
    static final EtcdExtension ETCD = EtcdExtension.of(3);

    /** How many there are of each article. */
    private static final class Stock implements MemoryState<Integer> {
        private final Map<String, Integer> articles = new TreeMap<>();

        @Override
        public Integer apply(Bytes command) {
            String[] words = command.toUtf8().split(" ", 2);
            return articles.merge(words[0], Integer.parseInt(words[1]), Integer::sum);
        }

        int of(String article) {
            return articles.getOrDefault(article, 0);
        }

        @Override
        public Bytes save() {
            StringBuilder lines = new StringBuilder();
            articles.forEach((article, count) -> lines.append(article).append(' ')
                    .append(count).append('\n'));
            return Bytes.utf8(lines.toString());
        }

        @Override
        public void load(Bytes saved) {
            articles.clear();
            saved.toUtf8().lines().forEach(line -> apply(Bytes.utf8(line)));
        }
    }

    @Test
    void aWriteSurvivesTheLeader() throws Exception {
        try (Client client = Client.builder().endpoints(ETCD.endpoints()).build()) {
            KV kv = client.getKVClient();
            kv.put(KEY, VALUE).get();
            ETCD.cluster().leader().kill();
            assertThat(kv.get(KEY).get().getKvs().getFirst().getValue()).isEqualTo(VALUE);
        }
    }

    @Test
    void stockIsNotLostWithTheLeader() {
        try (RaftCluster<Integer, Stock> stocks = RaftCluster.start(3, SEED, Stock::new,
                MemoryStateMachine::new)) {
            stocks.propose(Bytes.utf8("nails 12"));
            long first = stocks.leader();
            stocks.crash(first);
            stocks.propose(Bytes.utf8("nails 30"));
            stocks.restart(first);
            stocks.await(() -> stocks.state(first).of("nails") == 42);
        }
    }
}
