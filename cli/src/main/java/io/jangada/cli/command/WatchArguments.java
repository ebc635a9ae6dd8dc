// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.cli.answer.KeyRange;
import io.jangada.cli.answer.KeyRange.Extent;
import io.jangada.cli.print.CommandFailure;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a watch takes, on the command line and in interactive mode. */
@Command(name = "watch")
final class WatchArguments {
    @Option(names = "--prefix", description = "All keys that begin with KEY.")
    private boolean prefix;

    @Option(names = "--rev", paramLabel = "REVISION", defaultValue = "0", description = "The first revision to be told; 0 for the next one (default: ${DEFAULT-VALUE}).")
    private long revision;

    @Option(names = "--prev-kv", description = "Show what was there before, too.")
    private boolean previous;

    @Option(names = "--progress-notify", description = "Be told from time to time how far the watch is.")
    private boolean progressNotify;

    @Parameters(paramLabel = "KEY [RANGE_END] [-- COMMAND...]", arity = "0..*", description = "The key; with RANGE_END, all keys from it up to that; with a COMMAND, run it for each event.")
    private List<String> arguments = List.of();

    /**
     * The request for a watcher.
     *
     * @param programWords how many words at the end are a program
     * @param watchId that the watcher gets
     * @param otherwise the keys where no argument is given
     * @throws CommandFailure if the arguments do not fit together
     */
    WatchCreateRequest request(int programWords, long watchId, List<String> otherwise) {
        List<String> given = arguments.subList(0, arguments.size() - programWords);
        List<String> keys = given.isEmpty() ? otherwise : given;
        if (keys.isEmpty() || keys.size() > 2) {
            throw CommandFailure.badArguments("bad number of arguments");
        }
        if (prefix && keys.size() > 1) {
            throw CommandFailure
                    .badArguments("`range_end` and `--prefix` are mutually exclusive");
        }
        KeyRange range = keys.getFirst().isEmpty() && !prefix
                ? new KeyRange(ByteString.copyFrom(new byte[1]), ByteString.EMPTY)
                : KeyRange.of(keys, prefix ? Extent.PREFIX : Extent.AS_GIVEN);
        return WatchCreateRequest.newBuilder().setKey(range.key()).setRangeEnd(range.end())
                .setStartRevision(revision).setPrevKv(previous)
                .setProgressNotify(progressNotify).setWatchId(watchId).build();
    }

    /** The program that is run for each event: the last words. */
    List<String> program(int programWords) {
        return List.copyOf(arguments.subList(arguments.size() - programWords, arguments.size()));
    }

    /** How many words follow the first {@code --}. */
    static int programWords(List<String> words) {
        int end = words.indexOf("--");
        return end < 0 ? 0 : words.size() - end - 1;
    }
}
