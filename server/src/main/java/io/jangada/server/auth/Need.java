// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import com.google.protobuf.ByteString;
import java.util.List;

/** What a caller must have for a request to be carried out. Immutable. */
public sealed interface Need {

    /** No user at all. */
    record Nothing() implements Need {}

    /** To be a user, whichever. */
    record AnyUser() implements Need {}

    /** The role root. */
    record Root() implements Need {}

    /** To be that user, or to have the role root. */
    record Self(String user) implements Need {}

    /** To have that role, or the role root. */
    record OwnRole(String role) implements Need {}

    /** To be a user who may all of this. */
    record Keys(List<KeyAccess> all) implements Need {
        public Keys {
            all = List.copyOf(all);
        }
    }

    /** What is done to keys. */
    enum Mode {
        /** Their values, or their existence, are told. */
        READ,
        /** They are changed. */
        WRITE
    }

    /** Keys, and what is done to them. */
    sealed interface KeyAccess {

        /** To the keys that a request names; a {@code rangeEnd} means what it means in a range request. */
        record Range(Mode mode, ByteString key, ByteString rangeEnd) implements KeyAccess {}

        /** To all keys that are attached to the lease {@code id} when it is decided. */
        record OfLease(Mode mode, long id) implements KeyAccess {}
    }
}
