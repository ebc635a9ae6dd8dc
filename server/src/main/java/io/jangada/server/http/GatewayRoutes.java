// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.http;

import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.jangada.api.election.ElectionGrpc;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.ClusterGrpc;
import io.jangada.api.etcd.KVGrpc;
import io.jangada.api.etcd.LeaseGrpc;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.WatchGrpc;
import io.jangada.api.lock.LockGrpc;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which path is which method: etcd's table, resolved by the descriptors of the services. */
final class GatewayRoutes {
    /** A path under {@code /v3/} and the method that it calls. */
    private static final String TABLE = """
            kv/range                       etcdserverpb.KV/Range
            kv/put                         etcdserverpb.KV/Put
            kv/deleterange                 etcdserverpb.KV/DeleteRange
            kv/txn                         etcdserverpb.KV/Txn
            kv/compaction                  etcdserverpb.KV/Compact
            watch                          etcdserverpb.Watch/Watch
            lease/grant                    etcdserverpb.Lease/LeaseGrant
            lease/revoke                   etcdserverpb.Lease/LeaseRevoke
            lease/keepalive                etcdserverpb.Lease/LeaseKeepAlive
            lease/timetolive               etcdserverpb.Lease/LeaseTimeToLive
            lease/leases                   etcdserverpb.Lease/LeaseLeases
            kv/lease/revoke                etcdserverpb.Lease/LeaseRevoke
            kv/lease/timetolive            etcdserverpb.Lease/LeaseTimeToLive
            kv/lease/leases                etcdserverpb.Lease/LeaseLeases
            cluster/member/add             etcdserverpb.Cluster/MemberAdd
            cluster/member/remove          etcdserverpb.Cluster/MemberRemove
            cluster/member/update          etcdserverpb.Cluster/MemberUpdate
            cluster/member/list            etcdserverpb.Cluster/MemberList
            cluster/member/promote         etcdserverpb.Cluster/MemberPromote
            maintenance/alarm              etcdserverpb.Maintenance/Alarm
            maintenance/status             etcdserverpb.Maintenance/Status
            maintenance/defragment         etcdserverpb.Maintenance/Defragment
            maintenance/hash               etcdserverpb.Maintenance/Hash
            maintenance/hashkv             etcdserverpb.Maintenance/HashKV
            maintenance/snapshot           etcdserverpb.Maintenance/Snapshot
            maintenance/transfer-leadership etcdserverpb.Maintenance/MoveLeader
            maintenance/downgrade          etcdserverpb.Maintenance/Downgrade
            auth/enable                    etcdserverpb.Auth/AuthEnable
            auth/disable                   etcdserverpb.Auth/AuthDisable
            auth/status                    etcdserverpb.Auth/AuthStatus
            auth/authenticate              etcdserverpb.Auth/Authenticate
            auth/user/add                  etcdserverpb.Auth/UserAdd
            auth/user/get                  etcdserverpb.Auth/UserGet
            auth/user/list                 etcdserverpb.Auth/UserList
            auth/user/delete               etcdserverpb.Auth/UserDelete
            auth/user/changepw             etcdserverpb.Auth/UserChangePassword
            auth/user/grant                etcdserverpb.Auth/UserGrantRole
            auth/user/revoke               etcdserverpb.Auth/UserRevokeRole
            auth/role/add                  etcdserverpb.Auth/RoleAdd
            auth/role/get                  etcdserverpb.Auth/RoleGet
            auth/role/list                 etcdserverpb.Auth/RoleList
            auth/role/delete               etcdserverpb.Auth/RoleDelete
            auth/role/grant                etcdserverpb.Auth/RoleGrantPermission
            auth/role/revoke               etcdserverpb.Auth/RoleRevokePermission
            lock/lock                      v3lockpb.Lock/Lock
            lock/unlock                    v3lockpb.Lock/Unlock
            election/campaign              v3electionpb.Election/Campaign
            election/proclaim              v3electionpb.Election/Proclaim
            election/leader                v3electionpb.Election/Leader
            election/observe               v3electionpb.Election/Observe
            election/resign                v3electionpb.Election/Resign
            """;

    private GatewayRoutes() {}

    /** All routes, by their paths. */
    static Map<String, GatewayRoute> all() {
        Map<String, MethodDescriptor<Message, Message>> methods = methods();
        Map<String, GatewayRoute> routes = new TreeMap<>();
        TABLE.lines().forEach(line -> {
            String[] row = line.split(" +", 2);
            MethodDescriptor<Message, Message> method = methods.get(row[1]);
            if (method == null) {
                throw new IllegalStateException("no method " + row[1]);
            }
            routes.put("/v3/" + row[0], new GatewayRoute(method));
        });
        return Map.copyOf(routes);
    }

    /** The methods of the services that etcd has, by their full names. */
    static Map<String, MethodDescriptor<Message, Message>> methods() {
        Map<String, MethodDescriptor<Message, Message>> methods = new HashMap<>();
        for (ServiceDescriptor service : List.of(KVGrpc.getServiceDescriptor(),
                WatchGrpc.getServiceDescriptor(), LeaseGrpc.getServiceDescriptor(),
                ClusterGrpc.getServiceDescriptor(), MaintenanceGrpc.getServiceDescriptor(),
                AuthGrpc.getServiceDescriptor(), LockGrpc.getServiceDescriptor(),
                ElectionGrpc.getServiceDescriptor())) {
            for (MethodDescriptor<?, ?> method : service.getMethods()) {
                methods.put(method.getFullMethodName(), ofMessages(method));
            }
        }
        return Map.copyOf(methods);
    }

    @SuppressWarnings("unchecked") // Generated from descriptors, whose types are all messages.
    private static MethodDescriptor<Message, Message> ofMessages(MethodDescriptor<?, ?> method) {
        return (MethodDescriptor<Message, Message>) method;
    }
}
