// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.cli.answer;

import com.google.protobuf.Message;
import io.jangada.api.etcd.ResponseHeader;
import java.util.Locale;

/** What happened to a member, in etcdctl's words. */
public final class MemberChange {
    private MemberChange() {}

    /** {@code Member ID removed from cluster ID}, with {@code what} in the middle. */
    public static Told of(long id, String what, ResponseHeader header, Message response) {
        return new Told(text(id, what, header), response);
    }

    static String text(long id, String what, ResponseHeader header) {
        return String.format(Locale.ROOT, "Member %16x %s cluster %16x", id, what,
                header.getClusterId());
    }
}
