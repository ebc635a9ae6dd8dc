// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeRequest.SortOrder;
import io.jangada.api.etcd.RangeRequest.SortTarget;
import io.jangada.api.etcd.RequestOp;
import io.jangada.cli.answer.KeyRange;
import io.jangada.cli.answer.KeyRange.Extent;
import io.jangada.cli.print.CommandFailure;
import io.jangada.cli.print.GoText;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a get takes, on the command line and in a transaction. */
@Command(name = "get")
final class GetArguments implements TxnOperation {
    @Option(names = "--prefix", description = "All keys that begin with KEY.")
    private boolean prefix;

    @Option(names = "--from-key", description = "KEY and all keys after it.")
    private boolean fromKey;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "0", description = "At most N keys; 0 for all (default: ${DEFAULT-VALUE}).")
    private long limit;

    @Option(names = "--order", paramLabel = "ORDER", defaultValue = "", description = "ASCEND or DESCEND (default: ASCEND).")
    private String order = "";

    @Option(names = "--sort-by", paramLabel = "TARGET", defaultValue = "", description = "CREATE, KEY, MODIFY, VALUE or VERSION (default: KEY).")
    private String sortBy = "";

    @Option(names = "--rev", paramLabel = "REVISION", defaultValue = "0", description = "The state to read; 0 for the newest (default: ${DEFAULT-VALUE}).")
    private long revision;

    @Option(names = "--keys-only", description = "Without the values.")
    private boolean keysOnly;

    @Option(names = "--count-only", description = "How many keys there are, not which; not with --write-out=simple.")
    private boolean countOnly;

    @Option(names = "--print-value-only", description = "Without the keys; with --write-out=simple only.")
    private boolean valuesOnly;

    @Option(names = "--consistency", paramLabel = "l|s", defaultValue = "l", description = "l: linearizable; s: serializable, from one member's own state (default: ${DEFAULT-VALUE}).")
    private String consistency = "l";

    @Parameters(paramLabel = "KEY [RANGE_END]", arity = "0..*", description = "The key; with RANGE_END, all keys from it up to that.")
    private List<String> arguments = List.of();

    boolean valuesOnly() {
        return valuesOnly;
    }

    boolean countOnly() {
        return countOnly;
    }

    /**
     * The request.
     *
     * @throws CommandFailure if the arguments do not fit together
     */
    RangeRequest request() {
        Extent extent = Extent.of(prefix, fromKey,
                "`--prefix` and `--from-key` cannot be set at the same time, choose one");
        if (arguments.isEmpty()) {
            throw CommandFailure.badArguments("get command needs one argument as key"
                    + " and an optional argument as range_end");
        }
        if (arguments.size() > 1 && extent != Extent.AS_GIVEN) {
            throw CommandFailure.badArguments("too many arguments, only accept one argument"
                    + " when `--prefix` or `--from-key` is set");
        }
        KeyRange range = KeyRange.of(arguments, extent);
        return RangeRequest.newBuilder().setSerializable(serializable())
                .setSortOrder(sortOrder()).setSortTarget(sortTarget())
                .setKey(range.key()).setRangeEnd(range.end()).setLimit(limit)
                .setRevision(revision).setKeysOnly(keysOnly).setCountOnly(countOnly).build();
    }

    @Override
    public RequestOp operation() {
        return RequestOp.newBuilder().setRequestRange(request()).build();
    }

    private boolean serializable() {
        return switch (consistency) {
            case "l" -> false;
            case "s" -> true;
            default -> throw CommandFailure.badFeature(
                    "unknown consistency flag " + GoText.quoted(consistency));
        };
    }

    private SortOrder sortOrder() {
        return switch (order.toUpperCase(Locale.ROOT)) {
            case "" -> SortOrder.NONE;
            case "ASCEND" -> SortOrder.ASCEND;
            case "DESCEND" -> SortOrder.DESCEND;
            default -> throw CommandFailure.badFeature("bad sort order " + order);
        };
    }

    private SortTarget sortTarget() {
        return switch (sortBy.toUpperCase(Locale.ROOT)) {
            case "", "KEY" -> SortTarget.KEY;
            case "CREATE" -> SortTarget.CREATE;
            case "MODIFY" -> SortTarget.MOD;
            case "VALUE" -> SortTarget.VALUE;
            case "VERSION" -> SortTarget.VERSION;
            default -> throw CommandFailure.badFeature("bad sort target " + sortBy);
        };
    }
}
