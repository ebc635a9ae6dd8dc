// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthRoleGetResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.Lines;

/**
 * What a role may do.
 *
 * @param role its name
 * @param response of the server
 */
public record RoleAnswer(String role, AuthRoleGetResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        lines.line("Role " + role).line("KV Read:");
        permissions(lines, Permission.Type.READ);
        lines.line("KV Write:");
        permissions(lines, Permission.Type.WRITE);
    }

    private void permissions(Lines lines, Permission.Type type) {
        for (Permission one : response.getPermList()) {
            if (one.getPermType() == type || one.getPermType() == Permission.Type.READWRITE) {
                lines.line("\t" + KeyRange.of(one).describedWithPrefix());
            }
        }
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader());
        for (Permission one : response.getPermList()) {
            lines.field("PermType", " " + one.getPermType()).quoted("Key", one.getKey())
                    .quoted("RangeEnd", one.getRangeEnd());
        }
    }
}
