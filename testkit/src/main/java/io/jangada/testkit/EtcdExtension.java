// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.testkit;

import io.jangada.server.StartException;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A cluster for the tests of a JUnit class. In a static field with {@code @RegisterExtension}, one cluster serves
 * all tests of the class: after each, partitions are healed and members that were stopped are started; keys
 * stay. In a field of the instance, each test has a cluster of its own. For tests that run one after the other.
 */
public final class EtcdExtension
        implements
            BeforeAllCallback,
            BeforeEachCallback,
            AfterEachCallback,
            AfterAllCallback {
    private final EtcdCluster.Builder builder;
    private @Nullable EtcdCluster cluster;
    private boolean isForAll;

    private EtcdExtension(EtcdCluster.Builder builder) {
        this.builder = builder;
    }

    /**
     * A cluster of {@code members}.
     *
     * @throws IllegalArgumentException if that is not from 1 to 7
     */
    public static EtcdExtension of(int members) {
        return of(EtcdCluster.builder().members(members));
    }

    /** Clusters as {@code builder} starts them. */
    public static EtcdExtension of(EtcdCluster.Builder builder) {
        return new EtcdExtension(builder);
    }

    /**
     * The cluster.
     *
     * @throws IllegalStateException if no test runs
     */
    public EtcdCluster cluster() {
        if (cluster == null) {
            throw new IllegalStateException("no test runs: is the field annotated with"
                    + " @RegisterExtension?");
        }
        return cluster;
    }

    /** Where all members serve clients. */
    public List<URI> endpoints() {
        return cluster().endpoints();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, StartException {
        isForAll = true;
        cluster = builder.start();
    }

    @Override
    public void beforeEach(ExtensionContext context) throws IOException, StartException {
        if (!isForAll) {
            cluster = builder.start();
        }
    }

    @Override
    public void afterEach(ExtensionContext context) throws StartException {
        if (!isForAll) {
            close();
            return;
        }
        cluster().heal();
        cluster().startAll();
        cluster().awaitReady();
    }

    @Override
    public void afterAll(ExtensionContext context) {
        close();
    }

    private void close() {
        EtcdCluster last = cluster;
        cluster = null;
        if (last != null) {
            last.close();
        }
    }
}
