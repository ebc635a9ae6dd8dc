// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import io.jangada.api.auth.Permission;
import java.util.List;

/**
 * What a user's roles add up to. Immutable.
 *
 * @param isRoot whether one of them is root, which may everything
 * @param readable what may be read
 * @param writable what may be written
 */
record Grants(boolean isRoot, KeyRanges readable, KeyRanges writable) {

    static Grants of(boolean isRoot, List<Permission> permissions) {
        return new Grants(isRoot,
                KeyRanges.of(permissions.stream()
                        .filter(one -> one.getPermType() != Permission.Type.WRITE).toList()),
                KeyRanges.of(permissions.stream()
                        .filter(one -> one.getPermType() != Permission.Type.READ).toList()));
    }

    boolean permits(Need.Mode mode, ByteString key, ByteString rangeEnd) {
        return isRoot || switch (mode) {
            case READ -> readable.covers(key, rangeEnd);
            case WRITE -> writable.covers(key, rangeEnd);
        };
    }
}
