// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jangada.api.etcd.InternalRaftRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The rule of every kind of entry: what is decided again when it is applied, exactly. Pure. */
final class EntryRules {
    private static final Need NOTHING = new Need.Nothing();
    private static final Need ROOT = new Need.Root();
    private static final Map<Integer, Function<Message, Need>> BY_FIELD = rules();

    private EntryRules() {}

    private static Map<Integer, Function<Message, Need>> rules() {
        Map<Integer, Function<Message, Need>> rules = new HashMap<>();
        for (String client : List.of("range", "put", "delete_range", "txn", "compaction",
                "lease_grant", "lease_revoke", "alarm", "auth_enable", "auth_disable",
                "auth_status", "auth_user_add", "auth_user_delete", "auth_user_get",
                "auth_user_change_password", "auth_user_grant_role", "auth_user_revoke_role",
                "auth_user_list", "auth_role_list", "auth_role_add", "auth_role_delete",
                "auth_role_get", "auth_role_grant_permission", "auth_role_revoke_permission")) {
            rules.put(field(client).getNumber(), RequestNeeds::of);
        }
        // Decided by password before, and by the revision in the header.
        rules.put(field("authenticate").getNumber(), ignored -> NOTHING);
        // No call of a client becomes such an entry: members say these things of themselves.
        for (String members : List.of("lease_checkpoint", "cluster_version_set",
                "cluster_member_attr_set", "downgrade_info_set", "downgrade_version_test",
                "corrupt_check", "corrupt_report")) {
            rules.put(field(members).getNumber(), ignored -> NOTHING);
        }
        return Map.copyOf(rules);
    }

    private static FieldDescriptor field(String name) {
        return InternalRaftRequest.getDescriptor().findFieldByName(name);
    }

    /** Whether entries with this field of {@link InternalRaftRequest} have a rule. */
    static boolean hasRule(int fieldNumber) {
        return BY_FIELD.containsKey(fieldNumber);
    }

    /** What {@code request} needs; an entry of a kind that this version does not know needs root. */
    static Need need(InternalRaftRequest request) {
        // The two that are most, without reflection.
        if (request.hasPut()) {
            return KvNeeds.of(request.getPut());
        }
        if (request.hasTxn()) {
            return KvNeeds.of(request.getTxn());
        }
        for (Map.Entry<FieldDescriptor, Object> set : request.getAllFields().entrySet()) {
            Function<Message, Need> rule = BY_FIELD.get(set.getKey().getNumber());
            if (rule != null && set.getValue() instanceof Message message) {
                return rule.apply(message);
            }
        }
        return ROOT;
    }
}
