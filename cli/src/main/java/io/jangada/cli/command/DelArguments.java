// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.DeleteRangeRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.cli.answer.KeyRange;
import io.jangada.cli.answer.KeyRange.Extent;
import io.jangada.cli.print.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a deletion takes, on the command line and in a transaction. */
@Command(name = "del")
final class DelArguments implements TxnOperation {
    @Option(names = "--prefix", description = "All keys that begin with KEY.")
    private boolean prefix;

    @Option(names = "--from-key", description = "KEY and all keys after it.")
    private boolean fromKey;

    @Option(names = "--range", description = "Says that RANGE_END is meant.")
    private boolean range;

    @Option(names = "--prev-kv", description = "Show what was deleted.")
    private boolean previous;

    @Parameters(paramLabel = "KEY [RANGE_END]", arity = "0..*", description = "The key; with RANGE_END, all keys from it up to that.")
    private List<String> arguments = List.of();

    /**
     * The request.
     *
     * @throws CommandFailure if the arguments do not fit together
     */
    DeleteRangeRequest request() {
        if (arguments.isEmpty() || arguments.size() > 2) {
            throw CommandFailure.badArguments("del command needs one argument as key"
                    + " and an optional argument as range_end");
        }
        Extent extent = Extent.of(prefix, fromKey,
                "`--prefix` and `--from-key` cannot be set at the same time, choose one");
        if (range && extent != Extent.AS_GIVEN) {
            throw CommandFailure.badArguments(
                    "`--range` cannot be set with `--prefix` or `--from-key`, choose one");
        }
        if (arguments.size() > 1 && extent != Extent.AS_GIVEN) {
            throw CommandFailure.badArguments("too many arguments, only accept one argument"
                    + " when `--prefix` or `--from-key` is set");
        }
        KeyRange keys = KeyRange.of(arguments, extent);
        return DeleteRangeRequest.newBuilder().setKey(keys.key()).setRangeEnd(keys.end())
                .setPrevKv(previous).build();
    }

    @Override
    public RequestOp operation() {
        return RequestOp.newBuilder().setRequestDeleteRange(request()).build();
    }
}
