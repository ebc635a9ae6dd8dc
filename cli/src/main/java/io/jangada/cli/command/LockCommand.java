// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.lock.LockGrpc;
import io.jangada.api.lock.LockRequest;
import io.jangada.api.lock.LockResponse;
import io.jangada.cli.answer.RangeAnswer;
import io.jangada.cli.client.ClientOptions;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.client.Session;
import io.jangada.cli.print.ByteText;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a lock as long as it runs, or as long as a program runs. */
@Command(name = "lock", description = "Hold a lock until Ctrl-C, or while a command runs.", mixinStandardHelpOptions = true)
public final class LockCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--ttl", paramLabel = "SECONDS", defaultValue = "10", description = "How long the lock outlives a holder that gives no sign of life (default: ${DEFAULT-VALUE}).")
    private long ttlSeconds;

    @Parameters(paramLabel = "NAME [-- COMMAND...]", arity = "0..*", description = "The lock, and what to run while it is held.")
    private List<String> arguments = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (arguments.isEmpty()) {
            throw CommandFailure.badArguments(
                    "lock takes a lock name argument and an optional command to execute");
        }
        List<String> program = arguments.subList(1, arguments.size());
        return client.run((etcd, printer) -> {
            try (Session session = Session.open(etcd, ttlSeconds)) {
                LockResponse lock = lock(etcd, session);
                session.held();
                if (!program.isEmpty()) {
                    run(program, lock);
                    return;
                }
                printer.print(new RangeAnswer(etcd.kv().range(
                        RangeRequest.newBuilder().setKey(lock.getKey()).build()), false));
                session.await();
            }
        });
    }

    private LockResponse lock(EtcdClient etcd, Session session) {
        return LockGrpc.newBlockingStub(etcd.channel()).withWaitForReady()
                .lock(LockRequest.newBuilder()
                        .setName(ByteText.encode(arguments.getFirst()))
                        .setLease(session.lease()).build());
    }

    private static void run(List<String> program, LockResponse lock)
            throws InterruptedException {
        ChildProgram.run(program, Map.of("ETCD_LOCK_KEY", lock.getKey().toStringUtf8(),
                "ETCD_LOCK_REV", Long.toString(lock.getHeader().getRevision())))
                .ifPresent(failure -> {
                    throw CommandFailure.error(failure);
                });
    }
}
