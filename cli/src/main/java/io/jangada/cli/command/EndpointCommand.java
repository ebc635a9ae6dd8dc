// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** The commands for endpoints. */
@Command(name = "endpoint", description = "Each endpoint's own view.", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND", subcommands = {
    EndpointHealthCommand.class,
    EndpointStatusCommand.class,
    EndpointHashKvCommand.class})
public final class EndpointCommand {}
