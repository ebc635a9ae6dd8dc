// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.StatusResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;
import io.jangada.cli.print.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What members say of themselves.
 *
 * @param members that answered
 */
public record StatusAnswer(List<Of> members) implements Answer {
    private static final List<String> HEADINGS = List.of("endpoint", "id", "version", "db size",
            "is leader", "is learner", "raft term", "raft index", "raft applied index", "errors");

    /**
     * One member's.
     *
     * @param endpoint where it was asked
     * @param status its answer
     */
    public record Of(String endpoint, StatusResponse status) {}

    /** Copies the list. */
    public StatusAnswer {
        members = List.copyOf(members);
    }

    @Override
    public void simple(Lines lines) {
        members.forEach(member -> lines.line(String.join(", ", row(member))));
    }

    @Override
    public Object json() {
        return members.stream().map(StatusAnswer::json).toList();
    }

    private static Map<String, Object> json(Of member) {
        var json = new LinkedHashMap<String, Object>();
        json.put("Endpoint", member.endpoint());
        json.put("Status", member.status());
        return json;
    }

    @Override
    public void fields(Lines lines) {
        for (Of member : members) {
            StatusResponse status = member.status();
            lines.header(status.getHeader()).quoted("Version", status.getVersion())
                    .field("DBSize", status.getDbSize()).unsigned("Leader", status.getLeader())
                    .field("IsLearner", status.getIsLearner())
                    .unsigned("RaftIndex", status.getRaftIndex())
                    .unsigned("RaftTerm", status.getRaftTerm())
                    .unsigned("RaftAppliedIndex", status.getRaftAppliedIndex())
                    .field("Errors", "[" + String.join(" ",
                            status.getErrorsList().stream().map(GoText::quoted).toList()) + "]")
                    .quoted("Endpoint", member.endpoint()).line("");
        }
    }

    @Override
    public Table table() {
        return new Table(HEADINGS, members.stream().map(StatusAnswer::row).toList());
    }

    private static List<String> row(Of member) {
        StatusResponse status = member.status();
        long id = status.getHeader().getMemberId();
        return List.of(member.endpoint(), GoText.id(id), status.getVersion(),
                GoText.size(status.getDbSize()), Boolean.toString(status.getLeader() == id),
                Boolean.toString(status.getIsLearner()),
                Long.toUnsignedString(status.getRaftTerm()),
                Long.toUnsignedString(status.getRaftIndex()),
                Long.toUnsignedString(status.getRaftAppliedIndex()),
                String.join(", ", status.getErrorsList()));
    }
}
