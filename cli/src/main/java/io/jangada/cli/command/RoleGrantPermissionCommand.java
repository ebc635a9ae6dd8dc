// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthRoleGrantPermissionRequest;
import io.jangada.api.etcd.AuthRoleGrantPermissionResponse;
import io.jangada.cli.answer.Done;
import io.jangada.cli.answer.KeyRange;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a role read or write keys. */
@Command(name = "grant-permission", description = "Let a role read or write keys.", mixinStandardHelpOptions = true)
final class RoleGrantPermissionCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private PermissionKeys keys = new PermissionKeys();

    @Parameters(paramLabel = "ROLE read|write|readwrite KEY [ENDKEY]", arity = "0..*", description = "The role, what it may, and the keys: KEY, or from KEY up to ENDKEY.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (arguments.size() < 3) {
            throw CommandFailure.badArguments("role grant command requires role name,"
                    + " permission type, and key [endkey] as its argument");
        }
        Permission.Type type = type(arguments.get(1));
        KeyRange range = keys.range(arguments.subList(2, arguments.size()));
        AuthRoleGrantPermissionRequest request = AuthRoleGrantPermissionRequest.newBuilder()
                .setName(arguments.getFirst())
                .setPerm(Permission.newBuilder().setPermType(type).setKey(range.key())
                        .setRangeEnd(range.end()))
                .build();
        return client.run((etcd, printer) -> {
            AuthRoleGrantPermissionResponse response = etcd.auth().roleGrantPermission(request);
            printer.print(new Done("Role " + request.getName() + " updated",
                    response.getHeader(), response));
        });
    }

    private static Permission.Type type(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "read" -> Permission.Type.READ;
            case "write" -> Permission.Type.WRITE;
            case "readwrite" -> Permission.Type.READWRITE;
            default -> throw CommandFailure
                    .badArguments("invalid permission type: " + name);
        };
    }
}
