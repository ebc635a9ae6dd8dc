// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.Member;
import io.jangada.api.etcd.MemberAddResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;
import java.util.ArrayList;
import java.util.List;

/**
 * A member that was added, and the variables to start it with.
 *
 * @param name of the member
 * @param response of the server
 */
public record MemberAddAnswer(String name, MemberAddResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line(MemberChange.text(response.getMember().getID(), "added to",
                response.getHeader()))
                .line("")
                .line("ETCD_NAME=\"" + name + "\"")
                .line("ETCD_INITIAL_CLUSTER=\"" + String.join(",", cluster()) + "\"")
                .line("ETCD_INITIAL_ADVERTISE_PEER_URLS=\""
                        + String.join(",", response.getMember().getPeerURLsList()) + "\"")
                .line("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
    }

    private List<String> cluster() {
        var cluster = new ArrayList<String>();
        for (Member member : response.getMembersList()) {
            boolean isNew = member.getID() == response.getMember().getID();
            String called = isNew ? name : member.getName();
            member.getPeerURLsList().forEach(url -> cluster.add(called + "=" + url));
        }
        return cluster;
    }

    @Override
    public Object json() {
        return response;
    }
}
