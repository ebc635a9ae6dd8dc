// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.command;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RequestOp;
import io.jangada.cli.print.ByteText;
import io.jangada.cli.print.CommandFailure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a put takes, on the command line and in a transaction. */
@Command(name = "put")
final class PutArguments implements TxnOperation {
    @Option(names = "--lease", paramLabel = "ID", defaultValue = "0", description = "The lease, in hexadecimal, that owns the key from now on.")
    private String lease = "0";

    @Option(names = "--prev-kv", description = "Show what was there before.")
    private boolean previous;

    @Option(names = "--ignore-value", description = "Keep the value that the key has.")
    private boolean ignoreValue;

    @Option(names = "--ignore-lease", description = "Keep the lease that the key has.")
    private boolean ignoreLease;

    @Parameters(paramLabel = "KEY [VALUE]", arity = "0..*", description = "The key, and its value; without one, standard input is the value.")
    private List<String> arguments = List.of();

    /**
     * The request.
     *
     * @param input where the value comes from if it is no argument; an empty one is none
     * @throws CommandFailure if the arguments do not fit together
     */
    PutRequest request(InputStream input) {
        if (arguments.isEmpty()) {
            throw needsMore();
        }
        long leaseId = GoNumbers.lease(lease, "bad lease ID");
        if (ignoreValue && arguments.size() > 1) {
            throw CommandFailure.badArguments(
                    "put command needs only 1 argument when 'ignore-value' is set");
        }
        return PutRequest.newBuilder().setKey(ByteText.encode(arguments.getFirst()))
                .setValue(ignoreValue ? ByteString.EMPTY : value(input)).setLease(leaseId)
                .setPrevKv(previous).setIgnoreValue(ignoreValue).setIgnoreLease(ignoreLease)
                .build();
    }

    @Override
    public RequestOp operation() {
        return RequestOp.newBuilder().setRequestPut(request(InputStream.nullInputStream()))
                .build();
    }

    private ByteString value(InputStream input) {
        if (arguments.size() > 1) {
            return ByteText.encode(arguments.get(1));
        }
        try {
            ByteString read = ByteString.readFrom(input);
            if (read.isEmpty()) {
                throw needsMore();
            }
            return read;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static CommandFailure needsMore() {
        return CommandFailure.badArguments(
                "put command needs 1 argument and input from stdin or 2 arguments");
    }
}
