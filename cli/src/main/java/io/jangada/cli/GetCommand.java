// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.api.etcd.RangeResponse;
import io.jangada.api.mvcc.KeyValue;
import java.io.IOException;
import java.io.PrintStream;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gets one key or all with a prefix, and prints key and value on lines of their own as etcdctl does. */
@Command(name = "get", description = "Get a key, or all keys with a prefix.", mixinStandardHelpOptions = true)
final class GetCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Option(names = "--prefix", description = "Get all keys that begin with KEY.")
    private boolean prefix;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "0", description = "At most N keys; 0 for all (default: ${DEFAULT-VALUE}).")
    private long limit;

    @Option(names = "--serializable", description = "Answer from one member's own state, without a quorum.")
    private boolean serializable;

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Override
    public Integer call() throws IOException {
        try (EtcdClient etcd = client.connect()) {
            print(etcd.range(request()), System.out);
            return 0;
        } catch (StatusRuntimeException e) {
            throw new IllegalStateException(e.getStatus().getDescription(), e);
        }
    }

    private RangeRequest request() {
        ByteString start = ByteString.copyFromUtf8(key);
        RangeRequest.Builder request = RangeRequest.newBuilder()
                .setKey(start.isEmpty() ? ByteString.copyFrom(new byte[1]) : start)
                .setLimit(limit)
                .setSerializable(serializable);
        if (prefix) {
            request.setRangeEnd(prefixEnd(start));
        }
        return request.build();
    }

    /** The first key after all that begin with {@code prefix}; "\0", which means no end, if there is none. */
    static ByteString prefixEnd(ByteString prefix) {
        byte[] end = prefix.toByteArray();
        for (int i = end.length - 1; i >= 0; i--) {
            if (end[i] != (byte) 0xff) {
                end[i]++;
                return ByteString.copyFrom(end, 0, i + 1);
            }
        }
        return ByteString.copyFrom(new byte[1]);
    }

    private static void print(RangeResponse response, PrintStream out) throws IOException {
        for (KeyValue pair : response.getKvsList()) {
            pair.getKey().writeTo(out);
            out.println();
            pair.getValue().writeTo(out);
            out.println();
        }
        out.flush();
    }
}
