// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.cli.answer.KeyRange;
import io.jangada.cli.answer.KeyRange.Extent;
import io.jangada.cli.print.CommandFailure;
import java.util.List;
import picocli.CommandLine.Option;

/** Which keys a permission is for. */
final class PermissionKeys {
    @Option(names = "--prefix", description = "All keys that begin with KEY.")
    private boolean prefix;

    @Option(names = "--from-key", description = "KEY and all keys after it.")
    private boolean fromKey;

    /**
     * The keys of {@code arguments}, of which there is at least one.
     *
     * @throws CommandFailure if the flags do not fit them
     */
    KeyRange range(List<String> arguments) {
        Extent extent = Extent.of(prefix, fromKey,
                "--from-key and --prefix flags are mutually exclusive");
        if (arguments.size() > 1 && extent != Extent.AS_GIVEN) {
            throw CommandFailure.badArguments("unexpected endkey argument with "
                    + (prefix ? "--prefix" : "--from-key") + " flag");
        }
        return KeyRange.of(arguments, extent);
    }
}
