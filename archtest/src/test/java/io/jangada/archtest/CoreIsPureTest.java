// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.WeakHashMap;
import org.junit.jupiter.api.Test;

/** Law 1: the core is a pure function of its inputs. Node, which has the queues, is not part of it. */
class CoreIsPureTest {
    private static final String[] CORE = {
        "io.jangada.raft",
        "io.jangada.raft.model..",
        "io.jangada.raft.storage..",
        "io.jangada.raft.quorum..",
        "io.jangada.raft.tracker..",
        "io.jangada.raft.confchange.."};
    private static final Set<Class<?>> UNORDERED_OR_RANDOM = Set.of(HashMap.class, HashSet.class,
            IdentityHashMap.class, WeakHashMap.class, Random.class, UUID.class);

    @Test
    void coreIsThere() {
        assertThat(House.CLASSES.that(resideInAnyPackage(CORE))).hasSizeGreaterThan(20);
    }

    @Test
    void coreDependsOnLittleOfTheJdk() {
        classes().that().resideInAnyPackage(CORE)
                .should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.jangada.raft..", "java.lang",
                        "java.lang.annotation", "java.lang.invoke", "java.lang.runtime",
                        "java.util",
                        "java.util.function", "java.util.stream", "java.util.random", "java.nio",
                        "java.nio.charset",
                        "org.jspecify.annotations", "").or(oneOf("java.io.ByteArrayOutputStream")))
                .check(House.CLASSES);
    }

    @Test
    void coreDoesNotKnowNode() {
        core().should().dependOnClassesThat().resideInAPackage("io.jangada.raft.node..")
                .check(House.CLASSES);
    }

    @Test
    void coreHasNoHashOrderAndNoRandomnessOfItsOwn() {
        core().should().dependOnClassesThat(describe("are unordered or random",
                type -> UNORDERED_OR_RANDOM.stream().anyMatch(type::isEquivalentTo)))
                .check(House.CLASSES);
    }

    @Test
    void coreHasNoThreadClockOrConsole() {
        core().should()
                .dependOnClassesThat(oneOf("java.lang.Thread", "java.lang.ThreadLocal",
                        "java.lang.System$Logger",
                        "java.lang.Runtime", "java.lang.Process", "java.io.PrintStream"))
                .check(House.CLASSES);
        core().should().callMethod(System.class, "nanoTime").check(House.CLASSES);
        core().should().callMethod(System.class, "currentTimeMillis").check(House.CLASSES);
        core().should().callMethod(System.class, "identityHashCode", Object.class)
                .check(House.CLASSES);
        core().should().callMethod(Math.class, "random").check(House.CLASSES);
    }

    @Test
    void coreHasNoStaticMutableState() {
        assertThat(House.CLASSES.that(resideInAnyPackage(CORE)).stream()
                .flatMap(type -> type.getFields().stream())
                .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
                .filter(field -> !field.getModifiers().contains(JavaModifier.FINAL)))
                .isEmpty();
    }

    private static GivenClassesConjunction core() {
        return noClasses().that().resideInAnyPackage(CORE);
    }

    private static DescribedPredicate<JavaClass> oneOf(String... names) {
        return describe("are one of " + Set.of(names),
                type -> Set.of(names).contains(type.getName()));
    }
}
