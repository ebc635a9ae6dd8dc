// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** The commands for alarms. */
@Command(name = "alarm", description = "Alarms that are raised.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
    AlarmListCommand.class,
    AlarmDisarmCommand.class})
public final class AlarmCommand {}
