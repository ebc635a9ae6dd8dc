// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.cli.log.Logging;
import io.jangada.server.EtcdServer;
import io.jangada.server.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Serves itself some requests and ends, so that the JVM can record which classes a server loads. Run
 * by the build; of no use to anybody else.
 */
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
    private static final int REQUESTS = 2_000;

    @Override
    public Integer call() throws Exception {
        Logging.configure("info", "json");
        Path folder = Files.createTempDirectory("jangada-train");
        try {
            train(folder);
        } finally {
            delete(folder);
        }
        return 0;
    }

    private static void train(Path folder) throws Exception {
        ServerConfig config = ServerConfig.builder("train", folder.resolve("data"))
                .listenClientUrls("http://127.0.0.1:0")
                .listenPeerUrls("http://127.0.0.1:0")
                .build();
        try (EtcdServer server = EtcdServer.start(config)) {
            server.ready().get(30, TimeUnit.SECONDS);
            String endpoint = "127.0.0.1:" + server.clientAddresses().getFirst().getPort();
            try (var client = new EtcdClient(List.of(endpoint), 5_000)) {
                ByteString key = ByteString.copyFromUtf8("key");
                for (int i = 0; i < REQUESTS; i++) {
                    client.put(PutRequest.newBuilder().setKey(key).setValue(key).build());
                    client.range(RangeRequest.newBuilder().setKey(key).build());
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
