// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server;

import io.jangada.mvcc.MvccStore;
import io.jangada.mvcc.ReadView;
import io.jangada.mvcc.backend.Backend;
import io.jangada.mvcc.backend.BackendException;
import io.jangada.mvcc.backend.CorruptBackendException;
import io.jangada.server.apply.Members;
import io.jangada.server.grpc.CorruptGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a member does whose state cannot be read, or is not what the others have: it serves nothing of it, and gets
 * theirs. See {@link Quarantine} for how. For the threads named at the methods.
 */
final class StateRepair {
    private static final Logger LOGGER = LoggerFactory.getLogger(EtcdServer.class);

    private final DataDirectory.Identity identity;
    private final boolean rebuilds;
    private final Quarantine quarantine;
    private final CorruptGuard guard;
    private final Ending ending;
    /** Under the lock. */
    private boolean isUnreadable;
    /** Of the apply loop. */
    private boolean wasNamed;
    /** Written once by the starting thread. */
    private volatile @Nullable MvccStore store;

    /**
     * Of a member that starts.
     *
     * @param rebuilds whether it gets the others' state where it is named as corrupt
     * @param guard lets nobody in meanwhile
     */
    StateRepair(DataDirectory.Identity identity, boolean rebuilds, Quarantine quarantine,
            CorruptGuard guard, Ending ending) {
        this.identity = identity;
        this.rebuilds = rebuilds;
        this.quarantine = quarantine;
        this.guard = guard;
        this.ending = ending;
    }

    /**
     * Opens the state; an empty one, where what is there is damaged and others have it too. Starting thread.
     *
     * @param backend opens what is on the disk, and tells whom it is given of damage
     * @throws StartException if it is damaged, and this member knows of no other
     */
    MvccStore open(Function<Consumer<CorruptBackendException>, Backend> backend)
            throws StartException, IOException {
        MvccStore opened;
        try {
            opened = openOnce(backend);
        } catch (CorruptBackendException damaged) {
            if (before().size() <= 1) {
                throw new StartException("the state is damaged, and this member began alone:"
                        + " restore a backup, or, if others joined since, remove this member"
                        + " and add it anew (" + damaged.getMessage() + ")", damaged);
            }
            LOGGER.error("the state cannot be read", damaged);
            quarantine.setStateAside(before());
            opened = openOnce(backend);
        }
        if (quarantine.isUnderWay() && !quarantine.isUnproven()
                && known(opened).containsKey(identity.memberId())) {
            quarantine.end();
        }
        store = opened;
        return opened;
    }

    private MvccStore openOnce(
            Function<Consumer<CorruptBackendException>, Backend> backend) {
        Backend rows = backend.apply(this::unreadable);
        boolean opened = false;
        try {
            MvccStore whole = MvccStore.open(rows);
            opened = true;
            return whole;
        } finally {
            if (!opened) {
                rows.close();
            }
        }
    }

    /** Where all members are: as the cluster has them since, where there is more than what this member began with. */
    Map<Long, List<String>> peerUrls() {
        MvccStore present = store;
        Map<Long, List<String>> known = present == null ? Map.of() : known(present);
        return known.containsKey(identity.memberId()) ? known : before();
    }

    private Map<Long, List<String>> before() {
        Map<Long, List<String>> setAside = quarantine.peerUrls();
        return setAside.containsKey(identity.memberId()) ? setAside : identity.peerUrls();
    }

    private static Map<Long, List<String>> known(MvccStore store) {
        Map<Long, List<String>> known = new TreeMap<>();
        try (ReadView view = store.view()) {
            Members.all(view).forEach(member -> known.put(member.getID(),
                    member.getRaftAttributes().getPeerUrlsList()));
        }
        return known;
    }

    /**
     * The state is damaged, as {@code found} tells. Any thread; blocks while the first call writes what is to be done,
     * so that nobody takes what is thrown next for an unexpected failure.
     */
    synchronized void unreadable(CorruptBackendException found) {
        if (store == null || isUnreadable) {
            return; // Not open yet: whoever opens it is told.
        }
        isUnreadable = true;
        Map<Long, List<String>> peerUrls;
        try {
            peerUrls = peerUrls();
        } catch (BackendException membersUnreadable) {
            LOGGER.debug("neither can the members be read", membersUnreadable);
            peerUrls = before();
        }
        if (peerUrls.size() <= 1) {
            ending.failed(found);
            return;
        }
        try {
            quarantine.requestState(peerUrls);
            ending.leave(RebuildNeededException.unreadable(identity.memberId(), found));
        } catch (IOException unwritable) {
            ending.failed(unwritable);
        }
    }

    /**
     * Whether this member is named as corrupt. One whose alarm is lowered after it was rebuilt has what the others
     * have. Apply loop.
     */
    void named(boolean corrupt) {
        guard.set(corrupt);
        try {
            if (!corrupt && wasNamed && quarantine.isUnproven()) {
                quarantine.end();
                LOGGER.info("rebuilt from the other members member={}",
                        Long.toHexString(identity.memberId()));
            } else if (corrupt && rebuilds && !quarantine.isUnderWay()) {
                Map<Long, List<String>> peerUrls = peerUrls();
                if (peerUrls.size() > 1) {
                    quarantine.request(peerUrls);
                    ending.leave(RebuildNeededException.differs(identity.memberId()));
                }
            }
        } catch (IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
        wasNamed = corrupt;
    }

    /** Before this member served, the others said that they hold something else. Server loop. */
    void refused() {
        ending.leave(new StartException("member " + Long.toHexString(identity.memberId())
                + " found data inconsistency with peers: it does not serve; start it with"
                + " --corrupt-member-rebuild and without the initial check, or with an empty data"
                + " directory, to get the state of the others"));
    }
}
