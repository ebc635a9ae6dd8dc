// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.linear;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.linear.LinearResult.Answer;
import io.jangada.checker.linear.RegisterModel.CompareAndSet;
import io.jangada.checker.linear.RegisterModel.Input;
import io.jangada.checker.linear.RegisterModel.Output;
import io.jangada.checker.linear.RegisterModel.Read;
import io.jangada.checker.linear.RegisterModel.Unequal;
import io.jangada.checker.linear.RegisterModel.Value;
import io.jangada.checker.linear.RegisterModel.Write;
import io.jangada.checker.linear.RegisterModel.Written;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LinearizabilityTest {
    private static final RegisterModel REGISTER = new RegisterModel();

    @Test
    void readsOfConcurrentWritesMaySeeEither() {
        assertThat(register(call(1, 1, 10, new Write(1), new Written()),
                call(2, 2, 9, new Write(2), new Written()),
                call(3, 11, 12, new Read(), new Value(1))).answer()).isEqualTo(Answer.OK);
        assertThat(register(call(1, 1, 10, new Write(1), new Written()),
                call(2, 2, 9, new Write(2), new Written()),
                call(3, 11, 12, new Read(), new Value(2))).answer()).isEqualTo(Answer.OK);
    }

    @Test
    void aStaleReadIsIllegalAndThePrefixEndsBeforeIt() {
        LinearResult result = register(call(1, 1, 2, new Write(1), new Written()),
                call(2, 3, 4, new Write(2), new Written()),
                call(3, 5, 6, new Read(), new Value(1)));
        assertThat(result).isEqualTo(new LinearResult(Answer.ILLEGAL, List.of(1, 2)));
    }

    @Test
    void returnAndCallAtTheSameTimeAreConcurrent() {
        assertThat(register(call(1, 1, 5, new Write(1), new Written()),
                call(2, 5, 6, new Read(), new Value(0))).answer()).isEqualTo(Answer.OK);
        assertThat(register(call(1, 1, 5, new Write(1), new Written()),
                call(2, 6, 7, new Read(), new Value(0))).answer()).isEqualTo(Answer.ILLEGAL);
    }

    @Test
    void anUnknownCallMayTakeEffectLateOrNever() {
        Call<Input, Output> lost = new Call<>(9, 1, 0, new Write(7), new Call.Unknown<>());
        assertThat(register(lost, call(1, 3, 4, new Read(), new Value(0)),
                call(2, 5, 6, new Read(), new Value(7))).answer()).isEqualTo(Answer.OK);
        assertThat(register(lost, call(1, 3, 4, new Read(), new Value(0))).answer())
                .isEqualTo(Answer.OK);
        assertThat(register(lost, call(1, 3, 4, new Read(), new Value(7)),
                call(2, 5, 6, new Read(), new Value(0))).answer()).isEqualTo(Answer.ILLEGAL);
    }

    @Test
    void comparesAndSets() {
        assertThat(register(call(1, 1, 2, new CompareAndSet(0, 5), new Written()),
                call(2, 3, 4, new CompareAndSet(0, 6), new Unequal()),
                call(3, 5, 6, new Read(), new Value(5))).answer()).isEqualTo(Answer.OK);
        assertThat(register(call(1, 1, 2, new CompareAndSet(0, 5), new Unequal())).answer())
                .isEqualTo(Answer.ILLEGAL);
    }

    @Test
    void countersAddUp() {
        List<Call<Long, Long>> calls = List.of(
                new Call<>(1, 1, 10, 1L, new Call.Told<>(3L)),
                new Call<>(2, 1, 10, 2L, new Call.Told<>(2L)),
                new Call<>(3, 11, 12, 0L, new Call.Told<>(3L)));
        assertThat(Linearizability.check(new CounterModel(), calls))
                .isEqualTo(new LinearResult(Answer.OK, List.of(2, 1, 3)));
    }

    @Test
    void saysSoWhenTheBoundIsReached() {
        List<Call<Long, Long>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(new Call<>(i, 1, 100, 1L << i, new Call.Told<>(-1L - i)));
            calls.add(new Call<>(100 + i, 1, 0, 1L << i, new Call.Unknown<>()));
        }
        assertThat(Linearizability.check(new CounterModel(), calls, 1_000).answer())
                .isEqualTo(Answer.UNKNOWN);
    }

    @Test
    void objectsAreSearchedOneByOne() {
        List<Call<Input, Output>> calls = List.of(call(2, 1, 2, new Write(1), new Written()),
                call(4, 3, 4, new Read(), new Value(1)), call(3, 3, 4, new Read(), new Value(0)));
        assertThat(Linearizability.check(REGISTER, calls, call -> call.id() % 2, 100).answer())
                .isEqualTo(Answer.OK);
        assertThat(Linearizability.check(REGISTER, calls).answer()).isEqualTo(Answer.ILLEGAL);
    }

    /** Against all orders, of which there are few enough. */
    @Test
    void agreesWithTryingAllOrders() {
        int illegal = 0;
        for (long seed = 1; seed <= 2_000; seed++) {
            List<Call<Input, Output>> calls = drawn(new Random(seed));
            boolean isLegal = anyOrder(calls, 0L);
            illegal += isLegal ? 0 : 1;
            assertThat(Linearizability.check(REGISTER, calls).answer()).as("seed " + seed)
                    .isEqualTo(isLegal ? Answer.OK : Answer.ILLEGAL);
        }
        assertThat(illegal).isBetween(200, 1_800);
    }

    private static List<Call<Input, Output>> drawn(Random random) {
        List<Call<Input, Output>> calls = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            long begin = random.nextInt(12);
            boolean isWrite = random.nextBoolean();
            Input input = isWrite ? new Write(random.nextInt(3)) : new Read();
            Output output = isWrite ? new Written() : new Value(random.nextInt(3));
            calls.add(random.nextInt(5) == 0 && isWrite
                    ? new Call<>(i, begin, 0, input, new Call.Unknown<>())
                    : call(i, begin, begin + random.nextInt(6), input, output));
        }
        return calls;
    }

    private static boolean anyOrder(List<Call<Input, Output>> rest, Long state) {
        if (rest.stream().allMatch(Call::isUnknown)) {
            return true;
        }
        for (Call<Input, Output> next : rest) {
            boolean mayBeNext = rest.stream().noneMatch(
                    each -> !each.isUnknown() && each.returnNanos() < next.callNanos());
            if (mayBeNext) {
                Optional<Long> after = next.outcome() instanceof Call.Told<Output>(Output output)
                        ? REGISTER.step(state, next.input(), output)
                        : REGISTER.effect(state, next.input());
                List<Call<Input, Output>> others = new ArrayList<>(rest);
                others.remove(next);
                if (after.isPresent() && anyOrder(others, after.get())) {
                    return true;
                }
            }
        }
        return false;
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static LinearResult register(Call<Input, Output>... calls) {
        return Linearizability.check(REGISTER, List.of(calls));
    }

    private static Call<Input, Output> call(int id, long call, long end, Input input,
            Output output) {
        return new Call<>(id, call, end, input, new Call.Told<>(output));
    }
}
