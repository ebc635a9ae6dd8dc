// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.MessageLite;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * One rule for every method that is served. A method without one is refused, whoever calls it. Pure.
 */
final class Rules {
    private static final Map<String, Rule> BY_METHOD = rules();

    /** When a decision stands. */
    enum Holds {
        /** Once made: what the request becomes is decided again when it is applied. */
        ONCE,
        /** As long as answers are sent: what they tell is read from the state as it is then. */
        WHILE_ANSWERED,
        /** As {@link #WHILE_ANSWERED}, and the service itself tells the caller of a refusal and looks again. */
        IN_THE_STREAM
    }

    /**
     * What a method's requests need.
     *
     * @param need by request
     * @param holds when the decision stands
     */
    record Rule(Function<MessageLite, Need> need, Holds holds) {}

    private Rules() {}

    private static Map<String, Rule> rules() {
        Map<String, Rule> rules = new HashMap<>();
        String etcd = "etcdserverpb.";
        add(rules, etcd + "KV/", Holds.WHILE_ANSWERED, RequestNeeds::of, "Range", "RangeStream");
        add(rules, etcd + "KV/", Holds.ONCE, RequestNeeds::of, "Put", "DeleteRange", "Txn");
        add(rules, etcd + "KV/", Holds.ONCE, Rules::root, "Compact");
        add(rules, etcd + "Watch/", Holds.IN_THE_STREAM, RequestNeeds::of, "Watch");
        add(rules, etcd + "Lease/", Holds.ONCE, RequestNeeds::of, "LeaseGrant", "LeaseRevoke");
        add(rules, etcd + "Lease/", Holds.WHILE_ANSWERED, RequestNeeds::of, "LeaseTimeToLive");
        add(rules, etcd + "Lease/", Holds.ONCE, Rules::anyUser, "LeaseKeepAlive");
        add(rules, etcd + "Lease/", Holds.WHILE_ANSWERED, Rules::anyUser, "LeaseLeases");
        add(rules, etcd + "Cluster/", Holds.ONCE, Rules::root, "MemberAdd", "MemberRemove",
                "MemberUpdate", "MemberPromote");
        add(rules, etcd + "Cluster/", Holds.WHILE_ANSWERED, Rules::anyUser, "MemberList");
        add(rules, etcd + "Maintenance/", Holds.ONCE, RequestNeeds::of, "Alarm");
        add(rules, etcd + "Maintenance/", Holds.WHILE_ANSWERED, Rules::anyUser, "Status");
        add(rules, etcd + "Maintenance/", Holds.WHILE_ANSWERED, Rules::root, "Hash", "HashKV",
                "Snapshot");
        add(rules, etcd + "Maintenance/", Holds.ONCE, Rules::root, "Defragment", "MoveLeader",
                "Downgrade");
        add(rules, etcd + "Auth/", Holds.ONCE, Rules::nothing, "Authenticate", "AuthStatus");
        add(rules, etcd + "Auth/", Holds.WHILE_ANSWERED, RequestNeeds::of, "UserGet", "RoleGet");
        add(rules, etcd + "Auth/", Holds.WHILE_ANSWERED, Rules::root, "UserList", "RoleList");
        add(rules, etcd + "Auth/", Holds.ONCE, Rules::root, "AuthEnable", "AuthDisable",
                "UserAdd", "UserDelete", "UserChangePassword", "UserGrantRole", "UserRevokeRole",
                "RoleAdd", "RoleDelete", "RoleGrantPermission", "RoleRevokePermission");
        add(rules, "v3lockpb.Lock/", Holds.ONCE, RequestNeeds::of, "Lock", "Unlock");
        add(rules, "v3electionpb.Election/", Holds.ONCE, RequestNeeds::of, "Campaign", "Proclaim",
                "Resign");
        add(rules, "v3electionpb.Election/", Holds.WHILE_ANSWERED, RequestNeeds::of, "Leader",
                "Observe");
        add(rules, "grpc.health.v1.Health/", Holds.ONCE, Rules::nothing, "Check", "List", "Watch");
        // Tells no more than the published interface.
        add(rules, "grpc.reflection.v1.ServerReflection/", Holds.ONCE, Rules::nothing,
                "ServerReflectionInfo");
        add(rules, "grpc.reflection.v1alpha.ServerReflection/", Holds.ONCE, Rules::nothing,
                "ServerReflectionInfo");
        return Map.copyOf(rules);
    }

    private static void add(Map<String, Rule> rules, String service, Holds holds,
            Function<MessageLite, Need> need, String... methods) {
        for (String method : List.of(methods)) {
            rules.put(service + method, new Rule(need, holds));
        }
    }

    private static Need nothing(MessageLite ignored) {
        return RequestNeeds.NOTHING;
    }

    private static Need anyUser(MessageLite ignored) {
        return RequestNeeds.ANY_USER;
    }

    private static Need root(MessageLite ignored) {
        return RequestNeeds.ROOT;
    }

    /** The rule of a method by its full name, {@code package.Service/Method}. */
    static Optional<Rule> of(String method) {
        return Optional.ofNullable(BY_METHOD.get(method));
    }
}
