// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** The commands for members. */
@Command(name = "member", description = "The cluster's members.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
    MemberAddCommand.class,
    MemberRemoveCommand.class,
    MemberUpdateCommand.class,
    MemberListCommand.class,
    MemberPromoteCommand.class})
public final class MemberCommand {}
