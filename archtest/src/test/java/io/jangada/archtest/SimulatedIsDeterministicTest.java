// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Law 2: what the simulator runs has no time, thread or chance but those it is given. Only the classes named here may,
 * each of which the simulator replaces.
 */
class SimulatedIsDeterministicTest {
    private static final List<String> SIMULATED = List.of("raft", "wal", "raftnode", "mvcc",
            "server.apply", "server.lease", "server.member", "simulation");
    /** Production's ports, what chooses them where none are given, and what runs simulations. */
    private static final Set<String> REAL = Set.of("io.jangada.raftnode.ThreadEventLoop",
            "io.jangada.raftnode.ThreadEventLoops", "io.jangada.raftnode.RaftHostBuilder",
            "io.jangada.simulation.Campaign", "io.jangada.simulation.Hunt");
    private static final Map<String, Set<String>> FORBIDDEN = Map.of(
            "java.lang.System", Set.of("nanoTime", "currentTimeMillis", "identityHashCode"),
            "java.lang.Math", Set.of("random"),
            "java.lang.Thread",
            Set.of("<init>", "sleep", "ofPlatform", "ofVirtual", "startVirtualThread"),
            "java.util.concurrent.Executors",
            Set.of("newFixedThreadPool", "newCachedThreadPool", "newThreadPerTaskExecutor",
                    "newSingleThreadExecutor", "newVirtualThreadPerTaskExecutor",
                    "newScheduledThreadPool"),
            "java.time.Instant", Set.of("now"),
            "java.util.UUID", Set.of("randomUUID"),
            "java.util.concurrent.ThreadLocalRandom", Set.of("current"),
            "java.util.Random", Set.of("<init>"),
            "java.security.SecureRandom", Set.of("<init>", "getInstanceStrong"));

    private static JavaClasses simulated() {
        return House.CLASSES.that(describe("are simulated",
                SimulatedIsDeterministicTest::isSimulated));
    }

    private static boolean isSimulated(JavaClass type) {
        return SIMULATED.stream().anyMatch(name -> (type.getPackageName() + ".")
                .startsWith("io.jangada." + name + "."));
    }

    private static boolean isReal(JavaClass type) {
        return REAL.contains(type.getName().replaceFirst("\\$.*", ""));
    }

    /** What {@code type} calls or refers to that gives it a time, thread or chance of its own. */
    private static Set<String> ownWorld(JavaClass type) {
        Set<String> found = new TreeSet<>();
        for (JavaAccess<?> access : type.getAccessesFromSelf()) {
            String owner = access.getTargetOwner().getName();
            if (FORBIDDEN.getOrDefault(owner, Set.of()).contains(access.getTarget().getName())) {
                found.add(type.getName() + ": " + owner + "." + access.getTarget().getName());
            }
        }
        return found;
    }

    @Test
    void hasNoTimeThreadOrChanceOfItsOwn() {
        DescribedPredicate<JavaClass> given = describe("are given their world",
                type -> !isReal(type));
        assertThat(simulated().that(given)).hasSizeGreaterThan(200)
                .allSatisfy(type -> assertThat(ownWorld(type)).isEmpty());
    }

    /** An exception that needs none would hide what comes into the class later. */
    @Test
    void theExceptionsAreNeeded() {
        Set<String> needed = new TreeSet<>();
        for (JavaClass type : simulated()) {
            if (!ownWorld(type).isEmpty()) {
                needed.add(type.getName().replaceFirst("\\$.*", ""));
            }
        }
        assertThat(needed).isEqualTo(REAL);
    }
}
