// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.apply;

import io.jangada.api.membership.Member;
import io.jangada.mvcc.HistoryImport;
import io.jangada.raftnode.AppliedState;
import java.util.List;

/** What a store that is restored from a backup remembers of the new cluster, as after its beginning. Stateless. */
public final class RestoredCluster {
    private RestoredCluster() {}

    /**
     * Notes who is in it and how far its log is.
     *
     * @param at the same on all members
     * @param members the same on all members
     */
    public static void write(HistoryImport into, AppliedState at, List<Member> members) {
        members.forEach(member -> Members.put(into, member));
        into.putMeta(Applier.APPLIED, AppliedRecord.encode(at));
    }
}
