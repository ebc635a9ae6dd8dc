// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.Member;
import io.jangada.api.etcd.MemberListResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;
import io.jangada.cli.print.Table;
import java.util.List;

/**
 * The members of a cluster.
 *
 * @param response of the server
 */
public record MembersAnswer(MemberListResponse response) implements Answer {
    private static final List<String> HEADINGS = List.of("id", "status", "name", "peer addrs",
            "client addrs", "is learner");

    @Override
    public void simple(Lines lines) {
        rows().forEach(row -> lines.line(String.join(", ", row)));
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader());
        for (Member member : response.getMembersList()) {
            lines.unsigned("ID", member.getID()).quoted("Name", member.getName());
            member.getPeerURLsList().forEach(url -> lines.quoted("PeerURL", url));
            member.getClientURLsList().forEach(url -> lines.quoted("ClientURL", url));
            lines.field("IsLearner", member.getIsLearner()).line("");
        }
    }

    @Override
    public Table table() {
        return new Table(HEADINGS, rows());
    }

    private List<List<String>> rows() {
        return response.getMembersList().stream().map(MembersAnswer::row).toList();
    }

    private static List<String> row(Member member) {
        return List.of(GoText.id(member.getID()),
                member.getName().isEmpty() ? "unstarted" : "started", member.getName(),
                String.join(",", member.getPeerURLsList()),
                String.join(",", member.getClientURLsList()),
                Boolean.toString(member.getIsLearner()));
    }
}
