// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.conformance.ConformanceRunner.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The format of trace files, and what is said about files that differ or are malformed. */
class TraceFileTest {
    @TempDir
    private Path folder;

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("some.txt"), text);
    }

    private Failure failure(String text) throws IOException {
        return ConformanceRunner.run(file(text)).failure().orElseThrow();
    }

    private static final String ALL_OF_THE_FORMAT = """
            # A comment.
              # And one with blanks before it.
            subtest names

            committed cfg=(1,2, 3) idx=(5,_,7)
            ----
                   idx
            x>       5    (id=1)
            ?        0    (id=2)
            xx>      7    (id=3)
            5
            subtest end

            vote cfg=(1,2) \\
              votes=(y,n)
            input that this command ignores
            ----
            ----
            VoteLost
            ----
            ----
            vote cfg=() cfgj=zero votes=()
            ----
            VoteWon
            """;

    @Test
    void everyPartOfTheFormatIsRead() throws Exception {
        List<Directive> cases = TraceFile.read(file(ALL_OF_THE_FORMAT));
        assertThat(cases).extracting(Directive::line).containsExactly(5, 14, 22);
        assertThat(cases.get(0).values("cfg")).contains(List.of("1", "2", "3"));
        assertThat(cases.get(1).text()).isEqualTo("vote cfg=(1,2)  votes=(y,n)");
        assertThat(cases.get(1).input()).isEqualTo("input that this command ignores");
        assertThat(ConformanceRunner.run(file(ALL_OF_THE_FORMAT)).failure())
                .hasValueSatisfying(failure -> assertThat(failure.line()).isEqualTo(5));
    }

    @Test
    void argumentsMayBeEmptyQuotedOrNested() throws Exception {
        Directive directive = Directive.parse(1, "propose 1 \"a\" k= l=(x(y,z), w) m=()", "", "");
        assertThat(directive.argument(1).key()).isEqualTo("\"a\"");
        assertThat(directive.value("k")).contains("");
        assertThat(directive.values("l")).contains(List.of("x(y,z)", "w"));
        assertThat(directive.values("m")).contains(List.of());
    }

    @Test
    void expectedTextMayHaveBlankLines() throws Exception {
        List<Directive> cases = TraceFile
                .read(file("a\n----\n----\none\n\n----\ntwo\n----\n----\n"));
        assertThat(cases.getFirst().expected()).isEqualTo("one\n\n----\ntwo\n");
    }

    @Test
    void differenceIsShown() throws IOException {
        Failure failure = failure("# x\nadd-nodes 1\n----\nINFO 1 switched to configuration "
                + "voters=()\nINFO 1 became follower at term 7\n");
        assertThat(failure.line()).isEqualTo(2);
        assertThat(failure.difference()).isEqualTo(
                """
                          INFO 1 switched to configuration voters=()
                        - INFO 1 became follower at term 7
                        + INFO 1 became follower at term 0
                        + INFO newRaft 1 [peers: [], term: 0, commit: 0, applied: 0, lastindex: 0, lastterm: 0]
                        """);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "# only a comment\n", "vote cfg=(1) votes=(y)\n", "vote cfg=(1\n----\nVoteWon\n",
        "vote\n----\n----\nVoteWon\n----\n", "vote cfg=(x) votes=(y)\n----\nVoteWon\n",
        "vote cfg=(1) votes=(y,n)\n----\nVoteWon\n", "vote cfg=(1) votes=(q)\n----\nVoteWon\n",
        "campaign\n----\nok\n", "campaign 1\n----\nok\n", "campaign x\n----\nok\n",
        "add-nodes\n----\nok\n", "add-nodes 1 inflight=(1,2)\n----\nok\n",
        "add-nodes 1 prevote=perhaps\n----\nok\n", "add-nodes 1 read-only=never\n----\nok\n",
        "add-nodes 1 read-only=lease-based\n----\nok\n", "log-level loud\n----\nok\n",
        "log-level\n----\nok\n", "deliver-msgs 1\n----\nno messages\n",
        "deliver-msgs type=MsgNothing\n----\nno messages\n", "unheard-of\n----\nok\n",
        "simple\nx1\n----\nok\n", "simple\nv\n----\nok\n", "enter-joint autoleave=\n----\nok\n"})
    void whatIsMalformedFailsOnOneLine(String text) throws IOException {
        Failure failure = failure(text);
        assertThat(failure.summary().lines()).hasSize(1);
        assertThat(failure.line()).isPositive();
    }

    @Test
    void bytesThatAreNoTextFail() throws IOException {
        Path file = Files.write(folder.resolve("some.txt"), new byte[]{'v', (byte) 0xFF});
        assertThat(ConformanceRunner.run(file).failure()).hasValueSatisfying(
                failure -> assertThat(failure.summary()).isEqualTo("not UTF-8"));
        assertThat(ConformanceRunner.run(folder.resolve("none.txt")).failure()).isPresent();
    }

    @Test
    void errorsAndSilence() throws IOException {
        String text = """
                log-level NONE
                ----
                ok

                add-nodes 1 voters=(1) index=1
                ----
                index must be specified as > 1 due to bootstrap

                add-nodes 1 voters=(1) index=2
                ----
                ok

                raft-state
                ----
                ok

                compact 1 2
                ----
                requested index is unavailable due to compaction

                log-level info
                ----
                ok

                propose 1 x
                ----
                INFO 1 no leader at term 0; dropping proposal
                raft proposal dropped

                unheard-of
                ----
                unknown command

                stabilize log-level=none
                ----
                ok

                process-ready 1
                ----
                <empty Ready>

                _breakpoint
                ----
                ok
                """;
        assertThat(ConformanceRunner.run(file(text)).failure()).isEmpty();
    }

    @Test
    void refusedChangesCountToo() throws IOException {
        String text = """
                leave-joint
                ----
                can't leave a non-joint config

                leave-joint
                v1
                ----
                this command takes no input

                simple
                v1
                ----
                voters=(1)
                1: StateProbe match=0 next=2

                simple
                v0
                ----
                voters=(1)
                1: StateProbe match=0 next=2
                """;
        assertThat(ConformanceRunner.run(file(text)).failure()).isEmpty();
    }

    @Test
    void kindIsToldByTheFolder() throws IOException {
        Path quorum = Files.createDirectory(folder.resolve("quorum"));
        Path file = Files.writeString(quorum.resolve("a.txt"), "simple\n----\nunknown command\n",
                StandardCharsets.UTF_8);
        assertThat(ConformanceRunner.run(file).failure()).isEmpty();
        Files.writeString(folder.resolve("README.md"), "no trace");
        assertThat(ConformanceRunner.files(folder)).containsExactly(file);
    }
}
