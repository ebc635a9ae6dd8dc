// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.jangada.api.etcd.PutRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Puts one key, and prints OK as etcdctl does. */
@Command(name = "put", description = "Put a key.", mixinStandardHelpOptions = true)
final class PutCommand implements Callable<Integer> {
    @Mixin
    private ClientOptions client = new ClientOptions();

    @Parameters(index = "0", paramLabel = "KEY", description = "The key.")
    private String key = "";

    @Parameters(index = "1", paramLabel = "VALUE", description = "The value.")
    private String value = "";

    @Override
    public Integer call() {
        try (EtcdClient etcd = client.connect()) {
            etcd.put(PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(key))
                    .setValue(ByteString.copyFromUtf8(value))
                    .build());
            System.out.println("OK");
            return 0;
        } catch (StatusRuntimeException e) {
            throw new IllegalStateException(e.getStatus().getDescription(), e);
        }
    }
}
