// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** The commands for roles. */
@Command(name = "role", description = "Roles and what they permit.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
    RoleAddCommand.class,
    RoleDeleteCommand.class,
    RoleGetCommand.class,
    RoleListCommand.class,
    RoleGrantPermissionCommand.class,
    RoleRevokePermissionCommand.class})
public final class RoleCommand {}
