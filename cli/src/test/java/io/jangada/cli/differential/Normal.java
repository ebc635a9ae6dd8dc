// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.differential;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.jangada.api.auth.Permission;
import io.jangada.api.etcd.AuthRoleGetResponse;
import io.jangada.api.etcd.AuthenticateResponse;
import io.jangada.api.etcd.LeaseLeasesResponse;
import io.jangada.api.etcd.LeaseStatus;
import io.jangada.api.etcd.LeaseTimeToLiveResponse;
import io.jangada.api.etcd.ResponseHeader;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Messages without what differs between any two servers: who answered in which term, the tokens, and the order of what
 * etcd tells in no order (the keys of a lease, permissions that begin with one key), or in the order of expiry (leases).
 * Pure.
 */
final class Normal {
    private Normal() {}

    static Message of(Message message) {
        return deep(message, Normal::shallow);
    }

    private static Message shallow(Message message) {
        return switch (message) {
            case ResponseHeader header -> header.toBuilder().clearClusterId().clearMemberId()
                    .clearRaftTerm().build();
            case AuthenticateResponse answer -> answer.toBuilder().clearToken().build();
            case LeaseTimeToLiveResponse lease -> {
                List<ByteString> keys = lease.getKeysList().stream()
                        .sorted(ByteString.unsignedLexicographicalComparator()).toList();
                yield lease.toBuilder().clearKeys().addAllKeys(keys).build();
            }
            case AuthRoleGetResponse role -> {
                List<Permission> permissions = role.getPermList().stream()
                        .sorted(Comparator
                                .comparing(Permission::getKey,
                                        ByteString.unsignedLexicographicalComparator())
                                .thenComparing(Permission::getRangeEnd,
                                        ByteString.unsignedLexicographicalComparator()))
                        .toList();
                yield role.toBuilder().clearPerm().addAllPerm(permissions).build();
            }
            case LeaseLeasesResponse all -> {
                List<LeaseStatus> leases = all.getLeasesList().stream()
                        .sorted(Comparator.comparingLong(LeaseStatus::getID)).toList();
                yield all.toBuilder().clearLeases().addAllLeases(leases).build();
            }
            default -> message;
        };
    }

    /** {@code message} with {@code change} made to it and to every message within, the inner ones first. */
    static Message deep(Message message, UnaryOperator<Message> change) {
        Message.Builder builder = message.toBuilder();
        for (Map.Entry<FieldDescriptor, Object> each : message.getAllFields().entrySet()) {
            FieldDescriptor field = each.getKey();
            if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
                continue;
            }
            if (field.isRepeated()) {
                for (int i = 0; i < message.getRepeatedFieldCount(field); i++) {
                    builder.setRepeatedField(field, i,
                            deep((Message) message.getRepeatedField(field, i), change));
                }
            } else {
                builder.setField(field, deep((Message) each.getValue(), change));
            }
        }
        return change.apply(builder.build());
    }
}
