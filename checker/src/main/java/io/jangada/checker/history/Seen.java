// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.history;

import java.util.function.Consumer;

/** The versions of keys that somebody was shown. Pure functions. */
public final class Seen {
    private Seen() {}

    /** Gives {@code each} every version in {@code history}'s responses and events, and no deletions. */
    public static void versions(History history, Consumer<KeyValue> each) {
        for (Operation operation : history.operations()) {
            versions(operation.response(), each);
        }
        for (Watch watch : history.watches()) {
            for (WatchResponse response : watch.responses()) {
                if (response instanceof WatchResponse.Events told) {
                    told.events().forEach(event -> versions(event, each));
                }
            }
        }
    }

    /** Gives {@code each} every version in {@code response}. */
    public static void versions(Response response, Consumer<KeyValue> each) {
        switch (response) {
            case Response.Range range -> range.kvs().forEach(each);
            case Response.Put put -> ifPresent(put.prevKv(), each);
            case Response.DeleteRange delete -> delete.prevKvs().forEach(each);
            case Response.Txn txn -> txn.responses().forEach(part -> versions(part, each));
            case Response.Compact ignored -> {
            }
            case Response.LeaseGrant ignored -> {
            }
            case Response.LeaseRevoke ignored -> {
            }
            case Response.LeaseKeepAlive ignored -> {
            }
            case Response.Refused ignored -> {
            }
            case Response.Unknown ignored -> {
            }
        }
    }

    private static void versions(Event event, Consumer<KeyValue> each) {
        if (event.kind() == Event.Kind.PUT) {
            each.accept(event.kv());
        }
        ifPresent(event.prevKv(), each);
    }

    private static void ifPresent(KeyValue kv, Consumer<KeyValue> each) {
        if (kv.isPresent()) {
            each.accept(kv);
        }
    }
}
