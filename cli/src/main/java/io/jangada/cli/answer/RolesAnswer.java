// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import io.jangada.api.etcd.AuthRoleListResponse;
import io.jangada.cli.print.Answer;
import io.jangada.cli.print.GoText;
import io.jangada.cli.print.Lines;

/**
 * The names of all roles.
 *
 * @param response of the server
 */
public record RolesAnswer(AuthRoleListResponse response) implements Answer {
    @Override
    public void simple(Lines lines) {
        response.getRolesList().forEach(lines::line);
    }

    @Override
    public Object json() {
        return response;
    }

    @Override
    public void fields(Lines lines) {
        lines.header(response.getHeader()).field("Roles",
                String.join(" ", response.getRolesList().stream().map(GoText::quoted).toList()));
    }
}
