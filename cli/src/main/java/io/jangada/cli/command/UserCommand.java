// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** The commands for users. */
@Command(name = "user", description = "Users.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
    UserAddCommand.class,
    UserDeleteCommand.class,
    UserGetCommand.class,
    UserListCommand.class,
    UserPasswdCommand.class,
    UserGrantRoleCommand.class,
    UserRevokeRoleCommand.class})
public final class UserCommand {}
