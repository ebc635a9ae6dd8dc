// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** The commands for authentication. */
@Command(name = "auth", description = "Whether users and roles count.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
    AuthEnableCommand.class,
    AuthDisableCommand.class,
    AuthStatusCommand.class})
public final class AuthCommand {}
