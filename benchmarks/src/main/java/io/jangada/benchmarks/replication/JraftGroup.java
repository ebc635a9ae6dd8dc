// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.replication;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.option.NodeOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** SOFAJRaft: its log in RocksDB with {@code sync}, and else its defaults, without snapshots. Thread-safe: immutable. */
final class JraftGroup implements ReplicatedGroup {
    private static final int ELECTION_TIMEOUT_MILLIS = 1_000;

    private final List<Running> members;
    private final byte[] payload;

    private record Running(RaftGroupService service, Node node, Count count) {}

    /** Counts commands. */
    private static final class Count extends StateMachineAdapter {
        /** Written by the thread that applies, read by any. */
        private volatile long commands;

        @Override
        public void onApply(Iterator committed) {
            while (committed.hasNext()) {
                long counted = commands + 1;
                commands = counted;
                Closure done = committed.done();
                if (done != null) {
                    done.run(Status.OK());
                }
                committed.next();
            }
        }
    }

    private JraftGroup(List<Running> members, byte[] payload) {
        this.members = List.copyOf(members);
        this.payload = payload;
    }

    static JraftGroup open(Path directory, byte[] payload)
            throws IOException, InterruptedException {
        List<PeerId> peers = Beginnings.freePorts(3).stream()
                .map(port -> new PeerId("127.0.0.1", port))
                .toList();
        List<Running> members = new ArrayList<>();
        try {
            for (PeerId peer : peers) {
                Path home = Files.createDirectories(directory.resolve("member" + peer.getPort()));
                Count count = new Count();
                RaftGroupService service = new RaftGroupService("benchmark", peer,
                        options(home, peers, count));
                members.add(new Running(service, service.start(), count));
            }
            return new JraftGroup(
                    Beginnings.leaderFirst(members, one -> one.node().isLeader()), payload);
        } catch (IOException | InterruptedException failed) {
            stop(members);
            throw failed;
        }
    }

    private static NodeOptions options(Path home, List<PeerId> peers, Count count) {
        NodeOptions options = new NodeOptions();
        options.setInitialConf(new Configuration(peers));
        options.setElectionTimeoutMs(ELECTION_TIMEOUT_MILLIS);
        options.setFsm(count);
        options.setLogUri(home.resolve("log").toString());
        options.setRaftMetaUri(home.resolve("meta").toString());
        options.getRaftOptions().setSync(true);
        return options;
    }

    @Override
    public void propose(Completion completion) {
        members.getFirst().node().apply(new Task(ByteBuffer.wrap(payload),
                status -> completion.completed(status.isOk())));
    }

    @Override
    public long[] applied() {
        return members.stream().mapToLong(one -> one.count().commands).toArray();
    }

    @Override
    public void close() throws IOException {
        try {
            stop(members);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the members stopped", e);
        }
    }

    private static void stop(List<Running> members) throws InterruptedException {
        members.forEach(one -> one.service().shutdown());
        for (Running one : members) {
            one.service().join();
        }
    }
}
