// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jangada.api.etcd.CompactionRequest;
import io.jangada.api.etcd.LeaseTimeToLiveResponse;
import io.jangada.api.etcd.ResponseHeader;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Asks both servers the same, and keeps what differs. Used by one thread. */
final class Duel {
    private static final int TAIL_CALLS = 30;
    private static final int MISMATCHES_MAX = 20;
    private static final long TTL_SECONDS_APART_MAX = 1;

    private final Server etcd;
    private final Server jangada;
    private final List<Call> asked = new ArrayList<>();
    private final List<String> mismatches = new ArrayList<>();
    private final Map<KnownDifference, Integer> known = new EnumMap<>(KnownDifference.class);
    private long revision = 1;
    private long compacted;

    Duel(Server etcd, Server jangada) {
        this.etcd = etcd;
        this.jangada = jangada;
    }

    Server etcd() {
        return etcd;
    }

    Server jangada() {
        return jangada;
    }

    /** The newest revision that etcd told. */
    long revision() {
        return revision;
    }

    /** The newest revision that was compacted; 0 for none. */
    long compacted() {
        return compacted;
    }

    int asked() {
        return asked.size();
    }

    /** How often each known difference was met. */
    Map<KnownDifference, Integer> known() {
        return known;
    }

    /** Asks both, and returns etcd's answer. */
    Answer ask(Call call) {
        return compare(call, etcd.send(call), jangada.send(call));
    }

    /** Asks both all at once what changes nothing. */
    void askAll(List<Call> reads) {
        List<CompletableFuture<Answer>> ofEtcd = reads.stream().map(etcd::send).toList();
        List<CompletableFuture<Answer>> ofJangada = reads.stream().map(jangada::send).toList();
        for (int i = 0; i < reads.size(); i++) {
            compare(reads.get(i), ofEtcd.get(i), ofJangada.get(i));
        }
    }

    private Answer compare(Call call, CompletableFuture<Answer> ofEtcd,
            CompletableFuture<Answer> ofJangada) {
        Answer fromEtcd = ofEtcd.join();
        Answer fromJangada = ofJangada.join();
        etcd.remember(call, fromEtcd);
        jangada.remember(call, fromJangada);
        Answer expected = fromEtcd.normal();
        Answer actual = sameTtl(fromJangada.normal(), expected);
        if (!actual.equals(expected)) {
            judge(call, expected, actual);
        }
        asked.add(call);
        if (fromEtcd.isOk()) {
            fromEtcd.messages().forEach(this::learnRevision);
            if (call.request() instanceof CompactionRequest compaction) {
                compacted = compaction.getRevision();
            }
        }
        return fromEtcd;
    }

    private void judge(Call call, Answer expected, Answer actual) {
        for (KnownDifference difference : KnownDifference.values()) {
            if (difference.covers(call, expected, actual)) {
                known.merge(difference, 1, Integer::sum);
                return;
            }
        }
        mismatch(call + "\n  etcd    " + expected + "\n  jangada " + actual);
    }

    /** Notes that {@code text} tells of a difference; throws once there are many. */
    void mismatch(String text) {
        System.out.println("difference: " + text);
        if (mismatches.isEmpty()) {
            List<Call> tail = asked.subList(Math.max(0, asked.size() - TAIL_CALLS), asked.size());
            StringBuilder before = new StringBuilder(text).append("\n  after");
            tail.forEach(each -> before.append("\n    ").append(each));
            mismatches.add(before.toString());
        } else {
            mismatches.add(text);
        }
        if (mismatches.size() >= MISMATCHES_MAX) {
            assertEqual();
        }
    }

    /** Fails with all that differed. */
    void assertEqual() {
        assertThat(mismatches).as(() -> "differences in " + asked.size() + " requests;\netcd "
                + etcd.lastLogged() + "\njangada " + jangada.lastLogged() + "\n").isEmpty();
    }

    /* Time passes between the two answers. */
    private static Answer sameTtl(Answer answer, Answer expected) {
        if (answer.messages().size() == 1 && expected.messages().size() == 1
                && answer.messages().getFirst() instanceof LeaseTimeToLiveResponse ttl
                && expected.messages().getFirst() instanceof LeaseTimeToLiveResponse other
                && Math.abs(ttl.getTTL() - other.getTTL()) <= TTL_SECONDS_APART_MAX
                && Math.min(ttl.getTTL(), other.getTTL()) > 0) {
            return new Answer(List.of(ttl.toBuilder().setTTL(other.getTTL()).build()),
                    answer.code(), answer.text());
        }
        return answer;
    }

    private void learnRevision(Message message) {
        FieldDescriptor header = message.getDescriptorForType().findFieldByName("header");
        if (header != null) {
            revision = Math.max(revision,
                    ((ResponseHeader) message.getField(header)).getRevision());
        }
    }
}
