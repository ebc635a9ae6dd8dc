// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Descriptors.FieldDescriptor;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.jangada.api.election.ElectionGrpc;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.InternalRaftRequest;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.health.HealthGrpc;
import io.jangada.api.lock.LockGrpc;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** That nothing can be called, and nothing be applied, for which nobody thought of a rule. */
final class RulesTest {
    static final List<ServiceDescriptor> SERVICES = List.of(KVGrpc.getServiceDescriptor(),
            WatchGrpc.getServiceDescriptor(), LeaseGrpc.getServiceDescriptor(),
            ClusterGrpc.getServiceDescriptor(), MaintenanceGrpc.getServiceDescriptor(),
            AuthGrpc.getServiceDescriptor(), LockGrpc.getServiceDescriptor(),
            ElectionGrpc.getServiceDescriptor(), HealthGrpc.getServiceDescriptor());

    static Stream<String> methods() {
        return SERVICES.stream().flatMap(service -> service.getMethods().stream())
                .map(MethodDescriptor::getFullMethodName);
    }

    static Stream<FieldDescriptor> requests() {
        return InternalRaftRequest.getDescriptor().getFields().stream()
                .filter(field -> !List.of("header", "ID").contains(field.getName()));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everyMethodHasARule(String method) {
        assertThat(Rules.of(method)).isPresent();
    }

    @ParameterizedTest
    @MethodSource("requests")
    void everyKindOfEntryHasARule(FieldDescriptor request) {
        assertThat(EntryRules.hasRule(request.getNumber())).isTrue();
    }
}
