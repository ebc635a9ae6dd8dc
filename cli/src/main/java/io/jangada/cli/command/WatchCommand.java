// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.WatchCreateRequest;
import io.jangada.cli.client.ClientOptions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Shows events of keys until it is stopped. */
@Command(name = "watch", description = "Show what happens to a key, or several, until Ctrl-C.", mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Mixin
    private WatchArguments arguments = new WatchArguments();

    @Option(names = {"-i",
        "--interactive"}, description = "Read lines from standard input: watch [OPTIONS] KEY [RANGE_END], or progress.")
    private boolean interactive;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (interactive) {
            return client.run(
                    (etcd, printer) -> new WatchDialog(new WatchStream(etcd, printer)).run());
        }
        int programWords = WatchArguments.programWords(
                spec.root().commandLine().getParseResult().originalArgs());
        WatchCreateRequest request = arguments.request(programWords, 1,
                keysOf(System.getenv()));
        return client.run((etcd, printer) -> {
            var stream = new WatchStream(etcd, printer);
            stream.create(request, arguments.program(programWords));
            while (stream.showNext()) {
                // Goes on until the stream ends.
            }
        });
    }

    /** The keys that etcdctl's variables name. */
    private static List<String> keysOf(Map<String, String> environment) {
        return Stream.of("ETCDCTL_WATCH_KEY", "ETCDCTL_WATCH_RANGE_END")
                .map(name -> environment.getOrDefault(name, "")).filter(value -> !value.isEmpty())
                .toList();
    }
}
