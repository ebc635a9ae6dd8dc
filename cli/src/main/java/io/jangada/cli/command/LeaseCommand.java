// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** The commands for leases. */
@Command(name = "lease", description = "Leases: keys that end with their owner's last sign of life.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
    LeaseGrantCommand.class,
    LeaseRevokeCommand.class,
    LeaseTimeToLiveCommand.class,
    LeaseListCommand.class,
    LeaseKeepAliveCommand.class})
public final class LeaseCommand {}
