// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.raft.tracker;

import io.jangada.raft.quorum.IdSet;
import java.util.Arrays;
import java.util.Optional;

/**
 * The progress of each member by ascending id. Which members there are never changes, their progress
 * does: {@link #with} and {@link #without} return another map of the same progress objects.
 */
public final class ProgressMap {
    /** No members. */
    public static final ProgressMap EMPTY = new ProgressMap(IdSet.EMPTY, new Progress[0]);

    private final IdSet ids;
    private final Progress[] progress;

    private ProgressMap(IdSet ids, Progress[] progress) {
        this.ids = ids;
        this.progress = progress;
    }

    /** The members. */
    public IdSet ids() {
        return ids;
    }

    /** The number of members. */
    public int size() {
        return progress.length;
    }

    /**
     * The progress of the member at {@code position} of {@link #ids}.
     *
     * @throws IndexOutOfBoundsException if there is none
     */
    public Progress at(int position) {
        return progress[position];
    }

    /** The progress of {@code id}, if it is a member. */
    public Optional<Progress> progress(long id) {
        int at = ids.position(id);
        return at < 0 ? Optional.empty() : Optional.of(progress[at]);
    }

    /** This map with {@code added} as the progress of {@code id}. */
    public ProgressMap with(long id, Progress added) {
        IdSet more = ids.with(id);
        int at = more.position(id);
        Progress[] copy = Arrays.copyOf(progress, more.size());
        if (more.size() > ids.size()) {
            System.arraycopy(progress, at, copy, at + 1, progress.length - at);
        }
        copy[at] = added;
        return new ProgressMap(more, copy);
    }

    /** This map without {@code id}. */
    public ProgressMap without(long id) {
        int at = ids.position(id);
        if (at < 0) {
            return this;
        }
        Progress[] copy = Arrays.copyOf(progress, progress.length - 1);
        System.arraycopy(progress, at + 1, copy, at, copy.length - at);
        return new ProgressMap(ids.without(id), copy);
    }

    /** Begins the progress of the member at {@code position} anew. */
    void replace(int position, Progress fresh) {
        progress[position] = fresh;
    }

    /** A map with copies of the progress. */
    public ProgressMap copy() {
        Progress[] copy = progress.clone();
        for (int i = 0; i < copy.length; i++) {
            copy[i] = copy[i].copy();
        }
        return new ProgressMap(ids, copy);
    }
}
