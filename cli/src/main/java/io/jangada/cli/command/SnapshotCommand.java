// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import picocli.CommandLine.Command;

/** Backups. */
@Command(name = "snapshot", description = "Save, check and restore backups; the files are etcd's.", subcommands = {
    SnapshotSaveCommand.class,
    SnapshotStatusCommand.class,
    SnapshotVerifyCommand.class,
    SnapshotRestoreCommand.class}, mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND")
public final class SnapshotCommand {
    /** Without arguments of its own. */
    public SnapshotCommand() {}
}
