// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.HashKVResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;
import io.jangada.cli.print.Table;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Hashes of members' keys and values.
 *
 * @param members that answered
 */
public record HashAnswer(List<Of> members) implements Answer {
    /**
     * One member's.
     *
     * @param endpoint where it was asked
     * @param hash its answer
     */
    public record Of(String endpoint, HashKVResponse hash) {
        private String number() {
            return Integer.toUnsignedString(hash.getHash());
        }
    }

    /** Copies the list. */
    public HashAnswer {
        members = List.copyOf(members);
    }

    @Override
    public void simple(Lines lines) {
        members.forEach(member -> lines.line(member.endpoint() + ", " + member.number()));
    }

    @Override
    public Object json() {
        return members.stream().map(HashAnswer::json).toList();
    }

    private static Map<String, Object> json(Of member) {
        var json = new LinkedHashMap<String, Object>();
        json.put("Endpoint", member.endpoint());
        json.put("HashKV", member.hash());
        return json;
    }

    @Override
    public void fields(Lines lines) {
        for (Of member : members) {
            lines.header(member.hash().getHeader()).quoted("Endpoint", member.endpoint())
                    .field("Hash", member.number()).line("");
        }
    }

    @Override
    public Table table() {
        return new Table(List.of("endpoint", "hash"), members.stream()
                .map(member -> List.of(member.endpoint(), member.number())).toList());
    }
}
