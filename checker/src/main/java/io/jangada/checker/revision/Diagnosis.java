// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.checker.revision;

import io.jangada.checker.Verdict.Violated;
import io.jangada.checker.ViolationKind;
import io.jangada.checker.etcd.EventLog;
import io.jangada.checker.history.Bytes;
import io.jangada.checker.history.Event;
import io.jangada.checker.history.KeyValue;
import io.jangada.checker.history.Operation;
import io.jangada.checker.history.Response;
import io.jangada.checker.history.Seen;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Names what is wrong with a response that differs from the one a correct store gives. */
final class Diagnosis {
    private final Ledger ledger;
    private final EventLog log;
    private final Operation operation;
    private final long revision;

    /** Of {@code operation}'s response, checked against the state at {@code revision}. */
    Diagnosis(Ledger ledger, EventLog log, Operation operation, long revision) {
        this.ledger = ledger;
        this.log = log;
        this.operation = operation;
        this.revision = revision;
    }

    /** What is wrong with {@code told} in place of {@code expected}, which differs. */
    Violated of(Response expected, Response told) {
        if (expected instanceof Response.Range should && told instanceof Response.Range is) {
            return ofRange(should, is);
        }
        if (expected instanceof Response.Txn should && told instanceof Response.Txn is) {
            return ofTxn(should, is);
        }
        if (expected instanceof Response.Put should && told instanceof Response.Put is
                && !should.prevKv().equals(is.prevKv())) {
            return violated(ViolationKind.WRONG_PREV_KV, "was told " + is.prevKv()
                    + " as the version before, which is " + should.prevKv());
        }
        if (expected instanceof Response.DeleteRange should
                && told instanceof Response.DeleteRange is && should.deleted() == is.deleted()) {
            return violated(ViolationKind.WRONG_PREV_KV, "was told " + is.prevKvs()
                    + " as the versions before, which are " + should.prevKvs());
        }
        return violated(ViolationKind.WRONG_RESPONSE,
                "was told " + told + " instead of " + expected);
    }

    private Violated ofTxn(Response.Txn should, Response.Txn is) {
        if (should.succeeded() != is.succeeded()) {
            return violated(ViolationKind.WRONG_COMPARE, "took the branch of "
                    + (is.succeeded() ? "success" : "failure") + " where the conditions say "
                    + (should.succeeded() ? "success" : "failure"));
        }
        if (should.responses().size() == is.responses().size()) {
            for (int i = 0; i < should.responses().size(); i++) {
                if (!should.responses().get(i).equals(is.responses().get(i))) {
                    return of(should.responses().get(i), is.responses().get(i));
                }
            }
        }
        return violated(ViolationKind.WRONG_RESPONSE, "was told " + is + " instead of " + should);
    }

    private Violated ofRange(Response.Range should, Response.Range is) {
        int at = 0;
        int common = Math.min(should.kvs().size(), is.kvs().size());
        while (at < common && should.kvs().get(at).equals(is.kvs().get(at))) {
            at++;
        }
        KeyValue right = at < should.kvs().size() ? should.kvs().get(at) : KeyValue.NONE;
        KeyValue told = at < is.kvs().size() ? is.kvs().get(at) : KeyValue.NONE;
        if (!right.isPresent() && !told.isPresent()) {
            return violated(ViolationKind.WRONG_READ, "was told a count of " + is.count()
                    + (is.more() ? " and more" : "") + " instead of " + should.count()
                    + (should.more() ? " and more" : ""));
        }
        if (right.isPresent() && told.isPresent() && !right.key().equals(told.key())) {
            // The one with the lower key is missing on the other side.
            boolean isMissing = right.key().compareTo(told.key()) < 0;
            return ofKey(is, isMissing ? right : KeyValue.NONE, isMissing ? KeyValue.NONE : told);
        }
        return ofKey(is, right, told);
    }

    /** Of one key, of which not more than one version is {@link KeyValue#NONE}. */
    private Violated ofKey(Response.Range is, KeyValue right, KeyValue told) {
        String what = "at revision " + revision + " was told " + told + " instead of " + right;
        if (told.modRevision() > revision) {
            return violated(ViolationKind.READ_FROM_FUTURE, what);
        }
        if (told.isPresent() && !isVersion(told)) {
            return violated(ViolationKind.WRONG_READ, what);
        }
        // A version that the key has had, or had not yet: what it has instead was not seen.
        long missedRevision = right.isPresent() ? right.modRevision() : lastChange(told.key());
        Operation writer = writer(missedRevision);
        boolean isPartial = isPartial(is, missedRevision, right);
        ViolationKind kind = isPartial
                ? ViolationKind.PARTIAL_TXN
                : writer != null && right.isPresent() && !wasSeen(right)
                        ? ViolationKind.LOST_WRITE
                        : ViolationKind.STALE_READ;
        return writer == null || writer.id() == operation.id()
                ? violated(kind, what)
                : Violated.of(kind, "operation " + operation.id() + " " + what, operation, writer);
    }

    /** Whether another change of the revision was seen: here, or anywhere if this one never was. */
    private boolean isPartial(Response.Range is, long missedRevision, KeyValue right) {
        List<Event> siblings = log.at(missedRevision);
        if (siblings.size() < 2) {
            return false;
        }
        for (KeyValue kv : is.kvs()) {
            if (kv.modRevision() == missedRevision) {
                return true;
            }
        }
        if (!right.isPresent() || wasSeen(right)) {
            return false;
        }
        return siblings.stream().anyMatch(event -> event.kind() == Event.Kind.PUT
                && !event.kv().equals(right) && wasSeen(event.kv()));
    }

    private boolean isVersion(KeyValue kv) {
        return ledger.history().initial().kvs().contains(kv) || log.at(kv.modRevision()).stream()
                .anyMatch(event -> event.kv().equals(kv));
    }

    private boolean wasSeen(KeyValue kv) {
        AtomicBoolean seen = new AtomicBoolean();
        Seen.versions(ledger.history(), each -> {
            if (each.equals(kv)) {
                seen.set(true);
            }
        });
        return seen.get();
    }

    private long lastChange(Bytes key) {
        for (long at = Math.min(revision, log.last()); at > log.base(); at--) {
            for (Event event : log.at(at)) {
                if (event.kv().key().equals(key)) {
                    return at;
                }
            }
        }
        return 0;
    }

    private @Nullable Operation writer(long at) {
        if (at <= ledger.base() || at > ledger.last()) {
            return null;
        }
        int place = ledger.claim(at);
        return place >= 0 ? ledger.operation(place) : null;
    }

    private Violated violated(ViolationKind kind, String what) {
        return Violated.of(kind, "operation " + operation.id() + " " + what, operation);
    }
}
