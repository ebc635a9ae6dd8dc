// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli;

import com.google.protobuf.ByteString;
import io.jangada.api.etcd.PutRequest;
import io.jangada.api.etcd.RangeRequest;
import io.jangada.cli.client.EtcdClient;
import io.jangada.cli.log.Logging;
import io.jangada.server.EtcdServer;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Runs three members in this process under load for some seconds, so that the JVM can record which
 * classes a server loads and which of its methods are hot. Run by the build; of no use to anybody else.
 */
@Command(name = "train", hidden = true)
final class TrainCommand implements Callable<Integer> {
    private static final int CLIENTS = 16;
    private static final int ROUNDS = 2_000;
    private static final ByteString VALUE = ByteString.copyFrom(new byte[256]);

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
        List<DemoMember.Address> addresses = DemoPorts.any();
        var servers = new ArrayList<EtcdServer>();
        try {
            for (DemoMember.Address address : addresses) {
                servers.add(EtcdServer.start(config(folder, address, addresses)));
            }
            for (EtcdServer server : servers) {
                server.ready().get(30, TimeUnit.SECONDS);
            }
            load(addresses.stream().map(DemoMember.Address::clientEndpoint).toList());
        } finally {
            servers.forEach(EtcdServer::close);
        }
    }

    private static ServerConfig config(Path folder, DemoMember.Address address,
            List<DemoMember.Address> all)
            throws ConfigException {
        String clientUrl = "http://" + address.clientEndpoint();
        return ServerConfig.builder(address.name(), folder.resolve(address.name()))
                .listenClientUrls(clientUrl)
                .advertiseClientUrls(clientUrl)
                .listenPeerUrls(address.peerUrl())
                .initialAdvertisePeerUrls(address.peerUrl())
                .initialCluster(DemoMember.initialCluster(all))
                .build();
    }

    private static void load(List<String> endpoints) throws InterruptedException {
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            int client = i;
            clients.execute(() -> requests(endpoints.get(client % endpoints.size()), client));
        }
        clients.shutdown();
        if (!clients.awaitTermination(60, TimeUnit.SECONDS)) {
            clients.shutdownNow();
        }
    }

    private static void requests(String endpoint, int client) {
        try (var etcd = new EtcdClient(List.of(endpoint), 5_000)) {
            for (int i = 0; i < ROUNDS; i++) {
                ByteString key = ByteString.copyFromUtf8("key-" + client + "-" + i % 500);
                etcd.kv().put(PutRequest.newBuilder().setKey(key).setValue(VALUE).build());
                if (i % 4 == 0) {
                    etcd.kv().range(RangeRequest.newBuilder().setKey(key).build());
                    etcd.kv().range(
                            RangeRequest.newBuilder().setKey(key).setSerializable(true).build());
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
