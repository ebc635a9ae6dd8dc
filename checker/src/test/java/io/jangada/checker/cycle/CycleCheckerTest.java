// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.cycle;

import static io.jangada.checker.reference.Histories.kv;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.History;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Request;
import io.jangada.checker.history.Response;
import io.jangada.checker.reference.Corruption;
import io.jangada.checker.reference.Histories;
import io.jangada.checker.reference.Scenario;
import io.jangada.checker.reference.Simulation;
import io.jangada.checker.revision.RevisionChecker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CycleCheckerTest {
    private static final KeyValue A2 = kv("a", "1", 2, 2, 1);
    private static final KeyValue B2 = kv("b", "1", 2, 2, 1);

    @Test
    void correctHistoriesHaveNone() {
        for (long seed = 1; seed <= 100; seed++) {
            assertThat(CycleChecker.check(Simulation.run(seed, Scenario.full(100))))
                    .as("seed " + seed).isInstanceOf(Verdict.Passed.class);
        }
    }

    @Test
    void whatHasOneIsCaughtByRevisionsToo() {
        int cycles = 0;
        for (long seed = 1; seed <= 1_000; seed++) {
            History history = Corruption.of(Simulation.run(seed, Scenario.full(40)),
                    new Random(seed));
            if (CycleChecker.check(history) instanceof Verdict.Violated found) {
                cycles++;
                assertThat(RevisionChecker.check(history)).as("seed " + seed + ": " + found)
                        .isInstanceOf(Verdict.Violated.class);
            }
        }
        assertThat(cycles).isGreaterThan(20);
    }

    @Test
    void g0() {
        // Revisions order all keys alike: without the clock there is none.
        var built = new Histories()
                .at(10, 50, txn(write("a"), write("b")), wrote(2, 2))
                .at(10, 50, txn(write("a")), wrote(3, 1)).at(10, 50, txn(write("b")), wrote(1, 1));
        assertThat(CycleChecker.check(built.history())).isInstanceOf(Verdict.Passed.class);
        cycle(ViolationKind.CYCLE_G0, 2,
                new Histories().then(write("a"), new Response.Put(3)).then(write("a"),
                        new Response.Put(2)));
    }

    @Test
    void g1c() {
        // Each read what the other wrote.
        cycle(ViolationKind.CYCLE_G1C, 2, new Histories()
                .at(10, 50, txn(write("a"), read("b")), new Response.Txn(2, true,
                        List.of(new Response.Put(0), shown(kv("b", "1", 3, 3, 1)))))
                .at(10, 50, txn(write("b"), read("a")),
                        new Response.Txn(3, true, List.of(new Response.Put(0), shown(A2)))));
    }

    @Test
    void gSingle() {
        // One saw a part of the other: b as written, a as before.
        cycle(ViolationKind.CYCLE_G_SINGLE, 2, new Histories()
                .at(10, 50, new Request.Put(Bytes.utf8("a"), Bytes.utf8("0")), new Response.Put(1))
                .at(10, 50, write("a"), new Response.Put(3))
                .at(10, 50, txn(write("a"), write("b")), wrote(2, 2))
                .at(10, 50, txn(read("a"), read("b")), new Response.Txn(2, true,
                        List.of(shown(kv("a", "0", 1, 1, 1)), shown(B2)))));
    }

    @Test
    void g2() {
        // Write skew: each read what the other was about to replace.
        cycle(ViolationKind.CYCLE_G2, 2, new Histories()
                .at(10, 50, write("a"), new Response.Put(2))
                .at(10, 50, write("b"), new Response.Put(3))
                .at(10, 50, txn(write("a"), read("b")), new Response.Txn(4, true,
                        List.of(new Response.Put(0), shown(kv("b", "1", 3, 3, 1)))))
                .at(10, 50, txn(write("b"), read("a")), new Response.Txn(5, true,
                        List.of(new Response.Put(0), shown(A2)))));
    }

    @Test
    void aStaleReadIsACycleWithTheClock() {
        cycle(ViolationKind.CYCLE_G_SINGLE, 2, new Histories().put("a", "1", 2).put("a", "2", 3)
                .get("a", 2, A2));
    }

    private static Request.Op write(String key) {
        return new Request.Put(Bytes.utf8(key), Bytes.utf8("1"));
    }

    private static Request.Op read(String key) {
        return new Request.Range(Bytes.utf8(key));
    }

    private static Request.Txn txn(Request.Op... ops) {
        return new Request.Txn(List.of(), List.of(ops), List.of());
    }

    private static Response.Range shown(KeyValue kv) {
        return new Response.Range(0, List.of(kv));
    }

    private static Response.Txn wrote(long revision, int count) {
        List<Response.Done> parts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            parts.add(new Response.Put(0));
        }
        return new Response.Txn(revision, true, parts);
    }

    private static void cycle(ViolationKind kind, int length, Histories histories) {
        assertThat(CycleChecker.check(histories.history()))
                .isInstanceOfSatisfying(Verdict.Violated.class, found -> {
                    assertThat(found.kind()).as(found.what()).isEqualTo(kind);
                    assertThat(found.operations()).as(found.what()).hasSize(length)
                            .doesNotHaveDuplicates();
                });
    }
}
