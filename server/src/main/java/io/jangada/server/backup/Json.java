// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.backup;

import com.google.protobuf.ByteString;
import io.jangada.api.membership.Member;
import io.jangada.raft.model.ConfState;
import java.util.List;
import java.util.stream.Collectors;

/** What etcd writes into its database as JSON, field for field. Pure functions. */
final class Json {
    private static final int CONTROL_END = 0x20;

    private Json() {}

    static ByteString of(Member member) {
        StringBuilder text = new StringBuilder("{\"id\":")
                .append(Long.toUnsignedString(member.getID())).append(",\"peerURLs\":")
                .append(texts(member.getRaftAttributes().getPeerUrlsList()));
        if (member.getRaftAttributes().getIsLearner()) {
            text.append(",\"isLearner\":true");
        }
        if (!member.getMemberAttributes().getName().isEmpty()) {
            text.append(",\"name\":").append(text(member.getMemberAttributes().getName()));
        }
        if (member.getMemberAttributes().getClientUrlsCount() > 0) {
            text.append(",\"clientURLs\":")
                    .append(texts(member.getMemberAttributes().getClientUrlsList()));
        }
        return ByteString.copyFromUtf8(text.append('}').toString());
    }

    static ByteString of(ConfState conf) {
        StringBuilder text = new StringBuilder("{\"voters\":").append(ids(conf.voters()));
        if (!conf.learners().isEmpty()) {
            text.append(",\"learners\":").append(ids(conf.learners()));
        }
        if (!conf.votersOutgoing().isEmpty()) {
            text.append(",\"voters_outgoing\":").append(ids(conf.votersOutgoing()));
        }
        if (!conf.learnersNext().isEmpty()) {
            text.append(",\"learners_next\":").append(ids(conf.learnersNext()));
        }
        return ByteString.copyFromUtf8(
                text.append(",\"auto_leave\":").append(conf.autoLeave()).append('}').toString());
    }

    private static String ids(List<Long> ids) {
        return ids.stream().map(Long::toUnsignedString)
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static String texts(List<String> texts) {
        return texts.stream().map(Json::text).collect(Collectors.joining(",", "[", "]"));
    }

    private static String text(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                quoted.append('\\').append(c);
            } else if (c < CONTROL_END) {
                quoted.append(String.format("\\u%04x", (int) c));
            } else {
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }
}
