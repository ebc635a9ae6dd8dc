// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.network.HostPort;
import io.jangada.raft.model.Bytes;
import io.jangada.raftnode.ChangeResult;
import io.jangada.raftnode.Consistency;
import io.jangada.raftnode.GroupConfig;
import io.jangada.raftnode.GroupStart;
import io.jangada.raftnode.Member;
import io.jangada.raftnode.MemoryState;
import io.jangada.raftnode.MemoryStateMachine;
import io.jangada.raftnode.ProposalResult;
import io.jangada.raftnode.QueryResult;
import io.jangada.raftnode.RaftHost;
import io.jangada.raftnode.RaftMetrics;
import io.jangada.raftnode.RaftNode;
import io.jangada.raftnode.RaftObserver;
import io.jangada.raftnode.ResultCodec;
import io.jangada.raftnode.Session;
import io.jangada.raftnode.SessionAnswer;
import io.jangada.raftnode.SessionCall;
import io.jangada.raftnode.SessionLimits;
import io.jangada.raftnode.SessionOpening;
import io.jangada.raftnode.SessionResult;
import io.jangada.raftnode.SessionStateMachine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What docs/embedding.md shows, on real disk and sockets. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class EmbeddingTutorialTest {

    /** Stock by article; a command is an article and by how much its stock changes. */
    static final class Stock implements MemoryState<Integer> {
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

    /** Counts what is applied, and how often the log was forced. */
    static final class Counted implements RaftMetrics {
        final LongAdder applied = new LongAdder();
        final LongAdder forces = new LongAdder();

        @Override
        public void proposalEnded(long group, ProposalEnd end, Duration latency) {
            if (end == ProposalEnd.APPLIED) {
                applied.increment();
            }
        }

        @Override
        public void walForced(Duration duration) {
            forces.increment();
        }
    }

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path directory;

    private final List<RaftHost> hosts = new ArrayList<>();
    private final Counted counted = new Counted();

    @AfterEach
    void close() {
        hosts.forEach(RaftHost::close);
    }

    private RaftHost open(long id) throws IOException {
        RaftHost host = RaftHost.builder(7, id, directory.resolve("member" + id))
                .listen(List.of(new HostPort("127.0.0.1", 0)))
                .metrics(counted)
                .open();
        hosts.add(host);
        return host;
    }

    private List<Member> openThree() throws IOException {
        for (long id = 1; id <= 3; id++) {
            open(id);
        }
        return hosts.stream().map(host -> new Member(host.memberId(), host.boundAddresses()))
                .toList();
    }

    static String tell(ProposalResult<Integer> result) {
        return switch (result) {
            case ProposalResult.Applied<Integer> applied -> "now " + applied.result();
            case ProposalResult.Refused<Integer> refused when refused.retry() ->
                "certainly not applied, try again";
            case ProposalResult.Refused<Integer> refused ->
                "certainly not applied: " + refused.reason();
            case ProposalResult.Unknown<Integer> unknown ->
                "may have been applied, or be applied later";
        };
    }

    @Test
    void proposalsReadsAndMembership() throws Exception {
        List<Member> members = openThree();
        GroupConfig group = GroupConfig.builder(1, GroupStart.NEW, members).build();
        List<Stock> stocks = new ArrayList<>();
        List<RaftNode<Integer>> nodes = new ArrayList<>();
        for (RaftHost host : hosts) {
            Stock stock = new Stock();
            stocks.add(stock);
            nodes.add(host.start(group, new MemoryStateMachine<>(stock)));
        }
        RaftNode<Integer> node = nodes.get(0);
        Stock stock = stocks.get(0);

        CompletableFuture<String> told = node.propose(Bytes.utf8("apples 5"))
                .thenApply(result -> tell(result));
        assertThat(told.join()).isEqualTo("now 5");

        ProposalResult<Integer> written = node.propose(Bytes.utf8("apples -2")).join();
        long index = written instanceof ProposalResult.Applied<Integer> applied
                ? applied.id().index()
                : 0;

        QueryResult<Integer> latest = node
                .read(Consistency.LINEARIZABLE, () -> stock.of("apples")).join();
        QueryResult<Integer> own = node
                .read(Consistency.atLeast(index), () -> stock.of("apples")).join();
        QueryResult<Integer> recent = node
                .read(Consistency.within(Duration.ofSeconds(1)), () -> stock.of("apples")).join();
        assertThat(List.of(latest, own, recent)).allSatisfy(
                result -> assertThat(result).isInstanceOfSatisfying(QueryResult.Answered.class,
                        answered -> assertThat(answered.value()).isEqualTo(3)));

        runsOnVirtualThreadsAndEventLoops(node);
        membersComeAndGo(members, nodes);
        assertThat(counted.applied.sum()).isGreaterThanOrEqualTo(100);
        assertThat(counted.forces.sum()).isPositive();
    }

    private static void runsOnVirtualThreadsAndEventLoops(RaftNode<Integer> node)
            throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                all.add(threads.submit(() -> tell(node.propose(Bytes.utf8("pears 1")).join())));
            }
            for (Future<String> one : all) {
                assertThat(one.get()).startsWith("now ");
            }
        }

        try (ExecutorService loop = Executors.newSingleThreadExecutor()) {
            LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
            CompletableFuture<Void> done = node.propose(Bytes.utf8("pears 1"))
                    .thenAcceptAsync(result -> answers.add(tell(result)), loop);
            done.join();
            assertThat(answers).containsExactly("now 101");
        }
    }

    private void membersComeAndGo(List<Member> members, List<RaftNode<Integer>> nodes)
            throws Exception {
        RaftHost fourth = open(4);
        Member member = new Member(4, fourth.boundAddresses());
        List<Member> known = new ArrayList<>(members);
        known.add(member);
        nodes.add(fourth.start(GroupConfig.builder(1, GroupStart.JOIN, known).build(),
                new MemoryStateMachine<>(new Stock())));

        RaftNode<Integer> leader = nodes.stream().filter(node -> node.status().isLeader())
                .findFirst().orElseThrow();
        List<Long> leaders = new ArrayList<>();
        leader.addObserver(new RaftObserver() {
            @Override
            public void leaderChanged(long id, long term) {
                leaders.add(id);
            }
        });
        ChangeResult added = leader.membership().addVoter(member, Duration.ofSeconds(30)).join();
        ChangeResult removed = leader.membership().remove(leader.status().memberId()).join();
        assertThat(added).isInstanceOf(ChangeResult.Done.class);
        assertThat(removed).isInstanceOf(ChangeResult.Done.class);
        assertThat(leaders).first().isEqualTo(leader.status().memberId());
    }

    /** Results as text. */
    static final class Numbers implements ResultCodec<Integer> {
        @Override
        public Bytes encode(Integer result) {
            return Bytes.utf8(result.toString());
        }

        @Override
        public Integer decode(Bytes encoded) {
            return Integer.valueOf(encoded.toUtf8());
        }
    }

    @Test
    void sessionsApplyOnce() throws Exception {
        GroupConfig group = GroupConfig.builder(1, GroupStart.NEW, openThree()).build();
        List<RaftNode<SessionAnswer<Integer>>> nodes = new ArrayList<>();
        for (RaftHost host : hosts) {
            nodes.add(host.start(group, new SessionStateMachine<>(
                    new MemoryStateMachine<>(new Stock()), new Numbers(),
                    SessionLimits.DEFAULT)));
        }

        SessionOpening<Integer> opening = Session.open(nodes.get(0)).join();
        if (opening instanceof SessionOpening.Opened<Integer> opened) {
            SessionCall<Integer> call = opened.session().call(Bytes.utf8("apples 5"));
            SessionResult<Integer> result = call.propose().join();
            for (int i = 1; result instanceof SessionResult.Unknown && i < nodes.size(); i++) {
                result = call.propose(nodes.get(i)).join();
            }
            assertThat(result).isEqualTo(new SessionResult.Applied<>(5));
        } else {
            throw new AssertionError(opening);
        }
    }
}
