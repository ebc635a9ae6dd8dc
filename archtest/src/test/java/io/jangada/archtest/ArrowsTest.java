// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.archtest;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who may depend on whom, where Maven's arrows, which are transitive, say too little. */
class ArrowsTest {

    /** A module's package, and the packages of ours that it may know, separated by blanks. */
    @ParameterizedTest
    @CsvSource({
        "io.jangada.raft,         ''",
        "io.jangada.conformance,  'io.jangada.raft'",
        "io.jangada.wal,          'io.jangada.raft.model io.jangada.raft.storage'",
        "io.jangada.network,      'io.jangada.raft.model'",
        "io.jangada.raftnode,     'io.jangada.raft io.jangada.wal io.jangada.network'",
        "io.jangada.checker,      ''",
        "io.jangada.mvcc,         ''",
        "io.jangada.bbolt,        ''",
        "io.jangada.server,       'io.jangada.raft io.jangada.raftnode io.jangada.mvcc io.jangada.api io.jangada.wal io.jangada.network io.jangada.bbolt'",
        "io.jangada.testkit,      'io.jangada.raft io.jangada.raftnode io.jangada.server io.jangada.api io.jangada.wal io.jangada.network'",
        "io.jangada.simulation,   'io.jangada.raft io.jangada.raftnode io.jangada.mvcc io.jangada.server io.jangada.api io.jangada.wal io.jangada.network io.jangada.checker'",
        "io.jangada.cli,          'io.jangada.server io.jangada.api io.jangada.conformance io.jangada.checker io.jangada.simulation'"})
    void knowsOnlyWhatItMay(String module, String allowed) {
        DescribedPredicate<JavaClass> ofOurs = resideInAPackage("io.jangada..");
        DescribedPredicate<JavaClass> may = resideInAnyPackage(
                (module + ".. " + allowed.replace(" ", ".. ") + "..").trim().split(" "));
        assertThat(House.CLASSES.that(resideInAPackage(module + ".."))).as("classes of " + module)
                .isNotEmpty();
        noClasses().that().resideInAPackage(module + "..")
                .should().dependOnClassesThat(ofOurs.and(DescribedPredicate.not(may)))
                .check(House.CLASSES);
    }

    /** A format that others may take as it is. */
    @Test
    void bboltKnowsTheJdkAlone() {
        classes().that().resideInAPackage("io.jangada.bbolt..").should()
                .onlyDependOnClassesThat(resideInAnyPackage("io.jangada.bbolt..", "java..",
                        "org.jspecify.annotations", ""))
                .check(House.CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.jangada.(**)").should().beFreeOfCycles().check(House.CLASSES);
    }
}
