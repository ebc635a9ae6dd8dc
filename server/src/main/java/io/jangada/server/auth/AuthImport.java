// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.jangada.api.auth.Role;
import io.jangada.api.auth.User;
import io.jangada.mvcc.HistoryImport;

/** Users and roles on their way into a store that is restored from a backup. Belongs to one thread. */
public final class AuthImport {
    private final HistoryImport into;
    private boolean enabled;
    private long revision = AuthState.NEW.revision();

    /** Into {@code into}, which is not finished. */
    public AuthImport(HistoryImport into) {
        this.into = into;
    }

    /** Whether calls will need a user; if it is not said they do not. */
    public void enabled(boolean value) {
        enabled = value;
    }

    /** The revision of users and roles; 1 if it is not said. */
    public void revision(long value) {
        revision = value;
    }

    /**
     * Adds a user.
     *
     * @param encoded an authpb.User of that name
     * @throws InvalidProtocolBufferException if it is not
     */
    public void user(ByteString name, ByteString encoded) throws InvalidProtocolBufferException {
        require(User.parseFrom(encoded).getName().equals(name), "user", name);
        into.putMeta(AuthStore.USER.concat(name), encoded);
    }

    /**
     * Adds a role.
     *
     * @param encoded an authpb.Role of that name
     * @throws InvalidProtocolBufferException if it is not
     */
    public void role(ByteString name, ByteString encoded) throws InvalidProtocolBufferException {
        require(Role.parseFrom(encoded).getName().equals(name), "role", name);
        into.putMeta(AuthStore.ROLE.concat(name), encoded);
    }

    private static void require(boolean holds, String what, ByteString name)
            throws InvalidProtocolBufferException {
        if (!holds) {
            throw new InvalidProtocolBufferException(
                    what + " of another name in the place of " + name.toStringUtf8());
        }
    }

    /** Adds what was said of the whole; to be called once, before {@code into} is finished. */
    public void finish() {
        into.putMeta(AuthStore.STATE, AuthStore.stateRow(enabled, revision));
    }
}
