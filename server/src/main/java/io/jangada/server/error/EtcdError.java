// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.error;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;

/**
 * The refusals of etcd's API. Clients tell them apart by their texts, so both code and text are etcd's
 * (etcd: rpctypes).
 */
public enum EtcdError {
    /** Key is not provided. */
    EMPTY_KEY(Status.Code.INVALID_ARGUMENT, "etcdserver: key is not provided"),
    /** Key not found. */
    KEY_NOT_FOUND(Status.Code.INVALID_ARGUMENT, "etcdserver: key not found"),
    /** Value is provided. */
    VALUE_PROVIDED(Status.Code.INVALID_ARGUMENT, "etcdserver: value is provided"),
    /** Lease is provided. */
    LEASE_PROVIDED(Status.Code.INVALID_ARGUMENT, "etcdserver: lease is provided"),
    /** Too many operations in txn request. */
    TOO_MANY_OPS(Status.Code.INVALID_ARGUMENT, "etcdserver: too many operations in txn request"),
    /** Duplicate key given in txn request. */
    DUPLICATE_KEY(Status.Code.INVALID_ARGUMENT, "etcdserver: duplicate key given in txn request"),
    /** Invalid sort option. */
    INVALID_SORT_OPTION(Status.Code.INVALID_ARGUMENT, "etcdserver: invalid sort option"),
    /** Mvcc: required revision has been compacted. */
    COMPACTED(Status.Code.OUT_OF_RANGE, "etcdserver: mvcc: required revision has been compacted"),
    /** Mvcc: required revision is a future revision. */
    FUTURE_REVISION(Status.Code.OUT_OF_RANGE,
            "etcdserver: mvcc: required revision is a future revision"),
    /** Mvcc: database space exceeded. */
    NO_SPACE(Status.Code.RESOURCE_EXHAUSTED, "etcdserver: mvcc: database space exceeded"),
    /** Requested lease not found. */
    LEASE_NOT_FOUND(Status.Code.NOT_FOUND, "etcdserver: requested lease not found"),
    /** Lease already exists. */
    LEASE_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: lease already exists"),
    /** Too large lease TTL. */
    LEASE_TTL_TOO_LARGE(Status.Code.OUT_OF_RANGE, "etcdserver: too large lease TTL"),
    /** Watch canceled. */
    WATCH_CANCELED(Status.Code.CANCELLED, "etcdserver: watch canceled"),
    /** Member ID already exist. */
    MEMBER_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: member ID already exist"),
    /** Peer URLs already exists. */
    PEER_URL_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: Peer URLs already exists"),
    /** Re-configuration failed due to not enough started members. Its code is etcd's too: UNKNOWN. */
    NOT_ENOUGH_STARTED(Status.Code.UNKNOWN,
            "etcdserver: re-configuration failed due to not enough started members"),
    /** Given member URLs are invalid. */
    MEMBER_BAD_URLS(Status.Code.INVALID_ARGUMENT, "etcdserver: given member URLs are invalid"),
    /** Can only promote a learner member. */
    MEMBER_NOT_LEARNER(Status.Code.FAILED_PRECONDITION,
            "etcdserver: can only promote a learner member"),
    /** Can only promote a learner member which is in sync with leader. */
    LEARNER_NOT_READY(Status.Code.FAILED_PRECONDITION,
            "etcdserver: can only promote a learner member which is in sync with leader"),
    /** Too many learner members in cluster. */
    TOO_MANY_LEARNERS(Status.Code.FAILED_PRECONDITION,
            "etcdserver: too many learner members in cluster"),
    /** Rpc not supported for learner. */
    NOT_SUPPORTED_FOR_LEARNER(Status.Code.FAILED_PRECONDITION,
            "etcdserver: rpc not supported for learner"),
    /** Member not found. */
    MEMBER_NOT_FOUND(Status.Code.NOT_FOUND, "etcdserver: member not found"),
    /** Request is too large. */
    REQUEST_TOO_LARGE(Status.Code.INVALID_ARGUMENT, "etcdserver: request is too large"),
    /** Too many requests. */
    TOO_MANY_REQUESTS(Status.Code.UNKNOWN, "etcdserver: too many requests"),
    /** No leader. */
    NO_LEADER(Status.Code.UNAVAILABLE, "etcdserver: no leader"),
    /** Not leader. */
    NOT_LEADER(Status.Code.FAILED_PRECONDITION, "etcdserver: not leader"),
    /** Leader changed. */
    LEADER_CHANGED(Status.Code.UNAVAILABLE, "etcdserver: leader changed"),
    /** Not capable. */
    NOT_CAPABLE(Status.Code.FAILED_PRECONDITION, "etcdserver: not capable"),
    /** Server stopped. */
    STOPPED(Status.Code.UNAVAILABLE, "etcdserver: server stopped"),
    /** Request timed out. */
    TIMEOUT(Status.Code.UNAVAILABLE, "etcdserver: request timed out"),
    /** Request timed out, possibly due to previous leader failure. */
    TIMEOUT_LEADER_FAIL(Status.Code.UNAVAILABLE,
            "etcdserver: request timed out, possibly due to previous leader failure"),
    /** Request timed out, possibly due to connection lost. */
    TIMEOUT_CONNECTION_LOST(Status.Code.UNAVAILABLE,
            "etcdserver: request timed out, possibly due to connection lost"),
    /** Unhealthy cluster. */
    UNHEALTHY(Status.Code.UNAVAILABLE, "etcdserver: unhealthy cluster"),
    /** Corrupt cluster. */
    CORRUPT(Status.Code.DATA_LOSS, "etcdserver: corrupt cluster"),
    /** Bad leader transferee. */
    BAD_LEADER_TRANSFEREE(Status.Code.FAILED_PRECONDITION, "etcdserver: bad leader transferee"),
    /** Wrong downgrade target version format. */
    WRONG_DOWNGRADE_FORMAT(Status.Code.INVALID_ARGUMENT,
            "etcdserver: wrong downgrade target version format"),
    /** Invalid downgrade target version. */
    INVALID_DOWNGRADE_TARGET(Status.Code.INVALID_ARGUMENT,
            "etcdserver: invalid downgrade target version"),
    /** No inflight downgrade job. */
    NO_INFLIGHT_DOWNGRADE(Status.Code.FAILED_PRECONDITION,
            "etcdserver: no inflight downgrade job"),
    /** Invalid client api version. */
    INVALID_CLIENT_API_VERSION(Status.Code.INVALID_ARGUMENT,
            "etcdserver: invalid client api version"),
    /** Authentication is not enabled. */
    AUTH_NOT_ENABLED(Status.Code.FAILED_PRECONDITION, "etcdserver: authentication is not enabled"),
    /** Root user does not exist. */
    ROOT_USER_NOT_FOUND(Status.Code.FAILED_PRECONDITION, "etcdserver: root user does not exist"),
    /** Root user does not have root role. */
    ROOT_ROLE_NOT_FOUND(Status.Code.FAILED_PRECONDITION,
            "etcdserver: root user does not have root role"),
    /** User name already exists. */
    USER_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: user name already exists"),
    /** User name is empty. */
    USER_EMPTY(Status.Code.INVALID_ARGUMENT, "etcdserver: user name is empty"),
    /** User name not found. */
    USER_NOT_FOUND(Status.Code.FAILED_PRECONDITION, "etcdserver: user name not found"),
    /** Role name already exists. */
    ROLE_EXISTS(Status.Code.FAILED_PRECONDITION, "etcdserver: role name already exists"),
    /** Role name not found. */
    ROLE_NOT_FOUND(Status.Code.FAILED_PRECONDITION, "etcdserver: role name not found"),
    /** Role name is empty. */
    ROLE_EMPTY(Status.Code.INVALID_ARGUMENT, "etcdserver: role name is empty"),
    /** Authentication failed, invalid user ID or password. */
    AUTH_FAILED(Status.Code.INVALID_ARGUMENT,
            "etcdserver: authentication failed, invalid user ID or password"),
    /** Authentication failed, password was given for no password user. */
    NO_PASSWORD_USER(Status.Code.UNKNOWN,
            "auth: authentication failed, password was given for no password user"),
    /** Password length exceeds 72 bytes. */
    PASSWORD_TOO_LONG(Status.Code.UNKNOWN, "bcrypt: password length exceeds 72 bytes"),
    /** Permission not given. */
    PERMISSION_NOT_GIVEN(Status.Code.INVALID_ARGUMENT, "etcdserver: permission not given"),
    /** Permission denied. */
    PERMISSION_DENIED(Status.Code.PERMISSION_DENIED, "etcdserver: permission denied"),
    /** Role is not granted to the user. */
    ROLE_NOT_GRANTED(Status.Code.FAILED_PRECONDITION,
            "etcdserver: role is not granted to the user"),
    /** Permission is not granted to the role. */
    PERMISSION_NOT_GRANTED(Status.Code.FAILED_PRECONDITION,
            "etcdserver: permission is not granted to the role"),
    /** Invalid auth token. */
    INVALID_AUTH_TOKEN(Status.Code.UNAUTHENTICATED, "etcdserver: invalid auth token"),
    /** Invalid auth management. */
    INVALID_AUTH_MANAGEMENT(Status.Code.INVALID_ARGUMENT, "etcdserver: invalid auth management"),
    /** Revision of auth store is old. */
    AUTH_OLD_REVISION(Status.Code.INVALID_ARGUMENT, "etcdserver: revision of auth store is old"),
    /** Token signing attempted with verify-only key. */
    VERIFY_ONLY_KEY(Status.Code.UNKNOWN,
            "auth: token signing attempted with verify-only key");

    @SuppressWarnings("ImmutableEnumChecker") // gRPC's Status is immutable, and does not say so.
    private final Status status;

    EtcdError(Status.Code code, String text) {
        this.status = code.toStatus().withDescription(text);
    }

    /** Code and text as they go to the client. */
    public Status status() {
        return status;
    }

    /** As an exception without a stack trace. */
    public StatusRuntimeException exception() {
        return status.asRuntimeException();
    }
}
