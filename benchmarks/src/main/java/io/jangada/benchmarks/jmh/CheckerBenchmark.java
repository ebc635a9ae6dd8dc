// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.benchmarks.jmh;

import io.jangada.checker.Verdict;
import io.jangada.checker.etcd.Execution;
import io.jangada.checker.etcd.KeySpace;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Compare;
import io.jangada.checker.history.History;
import io.jangada.checker.history.HistoryBuilder;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.revision.RevisionChecker;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The revision-guided check of a correct history: half writes, half reads, one in twenty a transaction
 * of two keys; each concurrent with about a hundred others. The first shot is that of a fresh JVM.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 1)
@Measurement(iterations = 5)
@Fork(value = 1, jvmArgsAppend = {"-Xmx2g"})
public class CheckerBenchmark {
    private static final int KEY_COUNT = 1_000;
    private static final int STEP_NANOS = 100;
    private static final int SPREAD_NANOS = 5_000;

    @Param({"1000000"})
    private int operations;

    private History history = History.builder().build();

    /** Makes the history. */
    @Setup
    public void prepare() {
        Random random = new Random(1);
        KeySpace keys = new KeySpace(List.of());
        List<Operation> all = new ArrayList<>();
        long revision = 1;
        for (int i = 0; i < operations; i++) {
            Request request = request(random, i);
            boolean isRead = request instanceof Request.Range;
            revision += isRead ? 0 : 1;
            Response response = Execution.run(keys, request, revision, new Response.Unknown())
                    .response();
            long at = SPREAD_NANOS + (long) i * STEP_NANOS;
            all.add(new Operation(i, i % 100, at - random.nextInt(SPREAD_NANOS),
                    at + random.nextInt(SPREAD_NANOS), request, response));
        }
        all.sort(Comparator.comparingLong(Operation::returnNanos));
        HistoryBuilder builder = History.builder();
        all.forEach(each -> builder.add(each.client(), each.callNanos(), each.returnNanos(),
                each.request(), each.response()));
        history = builder.build();
    }

    /** One check. */
    @Benchmark
    public Verdict check() {
        Verdict verdict = RevisionChecker.check(history);
        if (!(verdict instanceof Verdict.Passed)) {
            throw new IllegalStateException(verdict.toString());
        }
        return verdict;
    }

    private static Request request(Random random, int i) {
        Bytes key = key(random);
        Bytes value = Bytes.utf8("value-" + i);
        return switch (random.nextInt(20)) {
            case 0 -> new Request.Txn(
                    List.of(Compare.number(key, Compare.Target.VERSION, Compare.Relation.GREATER,
                            1)),
                    List.of(new Request.Put(key, value),
                            new Request.Put(Bytes.utf8("other"), value)),
                    List.of(new Request.Put(key, value)));
            case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> new Request.Put(key, value);
            default -> new Request.Range(key);
        };
    }

    private static Bytes key(Random random) {
        return Bytes.utf8("key-" + random.nextInt(KEY_COUNT));
    }
}
