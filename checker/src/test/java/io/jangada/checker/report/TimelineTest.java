// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.report;

import static io.jangada.checker.reference.Histories.kv;
import static org.assertj.core.api.Assertions.assertThat;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.history.History;
import io.jangada.checker.history.KeyRange;
import io.jangada.checker.history.WatchRequest;
import io.jangada.checker.history.WatchResponse;
import io.jangada.checker.reference.Histories;
import io.jangada.checker.revision.RevisionChecker;
import java.io.StringReader;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class TimelineTest {
    @Test
    void hasARowForEachClientAndMarksTheCulprits() {
        String page = page();
        assertThat(page).contains("client 1<", "client 9<", "<h1>LOST_WRITE</h1>");
        assertThat(page.split("bar culprit", -1)).hasSize(3); // The read, and the write it misses.
        assertThat(page.split("<tr class=\"marked\">", -1)).hasSize(3);
        assertThat(page).contains("bar unknown").contains("bar watch");
    }

    @Test
    void showsWhatUsersWroteAsText() {
        assertThat(page()).contains("&lt;script&gt;").doesNotContain("<script");
    }

    @Test
    void needsNothingButItself() {
        assertThat(page().replace("http://www.w3.org/2000/svg", "")).doesNotContain("http")
                .doesNotContain("src=").doesNotContain("href=").doesNotContain("@import");
    }

    @Test
    void isWellFormed() throws Exception {
        String body = page().replace("<!DOCTYPE html>", "").replace("<meta charset=\"utf-8\">", "");
        var parsed = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new InputSource(new StringReader(body)));
        assertThat(parsed.getElementsByTagName("rect").getLength()).isEqualTo(5);
    }

    private static String page() {
        Histories histories = new Histories().put("a", "<script>", 2).lostPut("b", "1")
                .put("a", "2", 3).get("a", 3, kv("a", "<script>", 2, 2, 1));
        histories.builder().watch(9, 1, new WatchRequest(KeyRange.all(), 5))
                .told(new WatchResponse.Created(2, 1));
        History history = histories.history();
        return Timeline.html(history, (Violated) RevisionChecker.check(history));
    }
}
