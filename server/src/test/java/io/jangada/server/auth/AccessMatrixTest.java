// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.jangada.api.etcd.AlarmRequest;
import io.jangada.api.etcd.AuthGrpc;
import io.jangada.api.etcd.AuthRoleGetRequest;
import io.jangada.api.etcd.AuthUserGetRequest;
import io.jangada.api.etcd.MaintenanceGrpc;
import io.jangada.api.etcd.WatchRequest;
import io.jangada.mvcc.KeyRange;
import io.jangada.server.auth.Need.Mode;
import io.jangada.server.auth.Places.Place;
import io.jangada.server.auth.Places.Shape;
import io.jangada.server.error.EtcdError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every method, by every kind of caller, with keys in every place: the guard's answer against the
 * specification, which is written down here once more, as tables and as a predicate over single keys.
 */
final class AccessMatrixTest {
    /** What a method is open to, where no keys are in it: by method, and by request where that matters. */
    private enum Open {
        ALL, USERS, ROOT, BY_KEYS
    }

    private static final Map<String, Open> METHODS = new TreeMap<>();
    private static final List<String> TABLE = List.of(
            "KEYS  etcdserverpb.KV/ Range RangeStream Put DeleteRange Txn",
            "ROOT  etcdserverpb.KV/ Compact",
            "KEYS  etcdserverpb.Watch/ Watch",
            "USERS etcdserverpb.Lease/ LeaseGrant LeaseKeepAlive LeaseLeases",
            "KEYS  etcdserverpb.Lease/ LeaseRevoke LeaseTimeToLive",
            "USERS etcdserverpb.Cluster/ MemberList",
            "ROOT  etcdserverpb.Cluster/ MemberAdd MemberRemove MemberUpdate MemberPromote",
            "USERS etcdserverpb.Maintenance/ Status Alarm",
            "ROOT  etcdserverpb.Maintenance/ Defragment Hash HashKV Snapshot MoveLeader Downgrade",
            "ALL   etcdserverpb.Auth/ Authenticate AuthStatus",
            "ROOT  etcdserverpb.Auth/ AuthEnable AuthDisable UserAdd UserGet UserList UserDelete",
            "ROOT  etcdserverpb.Auth/ UserChangePassword UserGrantRole UserRevokeRole",
            "ROOT  etcdserverpb.Auth/ RoleAdd RoleGet RoleList RoleDelete RoleGrantPermission",
            "ROOT  etcdserverpb.Auth/ RoleRevokePermission",
            "KEYS  v3lockpb.Lock/ Lock Unlock",
            "KEYS  v3electionpb.Election/ Campaign Proclaim Leader Observe Resign",
            "ALL   grpc.health.v1.Health/ Check List Watch");

    static {
        for (String row : TABLE) {
            String[] words = row.split(" +", -1);
            for (String method : List.of(words).subList(2, words.length)) {
                METHODS.put(words[1] + method,
                        words[0].equals("KEYS") ? Open.BY_KEYS : Open.valueOf(words[0]));
            }
        }
    }

    /** Who calls. */
    enum Principal {
        NONE, GARBAGE, EXPIRED, WRONG_ROLE, RIGHT_ROLE, ROOT, CERTIFICATE, CERTIFICATE_OF_NOBODY
    }

    private final GuardFixture fixture = new GuardFixture();
    private static final Map<String, Boolean> SPECIFIED = new HashMap<>();

    @AfterEach
    void close() {
        fixture.close();
        assertThat(FakeCall.contextIsClean()).isTrue();
    }

    private Metadata headers(Principal principal) {
        fixture.commonName = Optional.empty();
        return switch (principal) {
            case NONE -> new Metadata();
            case GARBAGE -> GuardFixture.headers("made-up.1");
            case EXPIRED -> {
                String token = fixture.token("root");
                fixture.nowNanos += GuardFixture.TTL.toNanos();
                yield GuardFixture.headers(token);
            }
            case WRONG_ROLE -> GuardFixture.headers(fixture.token("o"));
            case RIGHT_ROLE -> GuardFixture.headers(fixture.token("u"));
            case ROOT -> GuardFixture.headers(fixture.token("root"));
            case CERTIFICATE -> {
                fixture.commonName = Optional.of("u");
                yield new Metadata();
            }
            case CERTIFICATE_OF_NOBODY -> {
                fixture.commonName = Optional.of("nobody");
                yield new Metadata();
            }
        };
    }

    /** The error for who is no user at all; empty for users. */
    private static Optional<EtcdError> stranger(Principal principal) {
        return switch (principal) {
            case NONE -> Optional.of(EtcdError.USER_EMPTY);
            case GARBAGE, EXPIRED -> Optional.of(EtcdError.INVALID_AUTH_TOKEN);
            case CERTIFICATE_OF_NOBODY -> Optional.of(EtcdError.PERMISSION_DENIED);
            case WRONG_ROLE, RIGHT_ROLE, ROOT, CERTIFICATE -> Optional.empty();
        };
    }

    static Stream<MethodDescriptor<?, ?>> methods() {
        return RulesTest.SERVICES.stream().flatMap(service -> service.getMethods().stream());
    }

    @Test
    void theTablesKnowEveryMethodAndOnlyMethods() {
        assertThat(methods().map(MethodDescriptor::getFullMethodName).toList())
                .isSubsetOf(METHODS.keySet());
        Set<String> withPlaces = new HashSet<>();
        Places.all().forEach(place -> withPlaces.add(place.method()));
        assertThat(METHODS.entrySet().stream().filter(one -> one.getValue() == Open.BY_KEYS)
                .map(Map.Entry::getKey)).containsExactlyInAnyOrderElementsOf(withPlaces);
    }

    @ParameterizedTest
    @MethodSource("methods")
    void methodsWithoutKeysAreOpenToWhomTheyShould(MethodDescriptor<?, ?> method) {
        Open open = METHODS.getOrDefault(method.getFullMethodName(), Open.ROOT);
        if (open == Open.BY_KEYS) {
            return;
        }
        for (Principal principal : Principal.values()) {
            check(method, emptyRequest(method), principal, switch (open) {
                case ALL -> Optional.empty();
                case USERS -> stranger(principal);
                case ROOT, BY_KEYS -> root(principal);
            });
        }
    }

    private static Optional<EtcdError> root(Principal principal) {
        return stranger(principal).or(() -> principal == Principal.ROOT
                ? Optional.empty()
                : Optional.of(EtcdError.PERMISSION_DENIED));
    }

    @ParameterizedTest
    @MethodSource("methods")
    void everybodyMayEverythingWhileAuthIsDisabled(MethodDescriptor<?, ?> method) {
        fixture.disable();
        for (Principal principal : Principal.values()) {
            check(method, emptyRequest(method), principal, Optional.empty());
        }
    }

    @ParameterizedTest
    @MethodSource("io.jangada.server.auth.Places#all")
    void keysAreDecidedInEveryPlace(Place place) {
        MethodDescriptor<?, ?> method = methods()
                .filter(one -> one.getFullMethodName().equals(place.method())).findFirst()
                .orElseThrow();
        for (KeyRange keys : keysFor(place.shape())) {
            if (place.shape() == Shape.LEASE) {
                fixture.attach(keys.key());
            }
            Message request = place.request().apply(keys);
            KeyRange named = place.shape() == Shape.NAME
                    ? KeyRange.prefix(keys.key().concat(utf8("/")))
                    : keys;
            for (Principal principal : Principal.values()) {
                Optional<EtcdError> expected = stranger(principal).or(() -> switch (principal) {
                    case ROOT -> Optional.empty();
                    case RIGHT_ROLE, CERTIFICATE -> place.modes().stream()
                            .allMatch(mode -> specified(mode, named))
                                    ? Optional.empty()
                                    : Optional.of(EtcdError.PERMISSION_DENIED);
                    default -> Optional.of(EtcdError.PERMISSION_DENIED);
                });
                check(method, request, principal, expected);
            }
        }
    }

    /* Also where only a lease is named, which the other role could not have. */
    private static List<KeyRange> keysFor(Shape shape) {
        List<KeyRange> keys = new ArrayList<>();
        switch (shape) {
            case RANGE -> {
                for (String pair : List.of("b d", "c e", "b f", "b g", "a c", "w wz", "wz x",
                        "w y", "rw ", "rw s", "c ", "w ", "a ", "f ", "x ", "own/a ", "own/ own0",
                        "own own1", "b \0", "\0 \0", "e\0 f", "e f\0")) {
                    String[] ends = pair.split(" ", -1);
                    keys.add(new KeyRange(utf8(ends[0]), utf8(ends[1])));
                }
            }
            case KEY, LEASE -> {
                for (String key : List.of("a", "b", "c", "d", "e", "f", "w", "wzz", "x", "rw",
                        "r", "rw\0", "own/", "own/z", "own0", "own")) {
                    keys.add(KeyRange.single(utf8(key)));
                }
            }
            case NAME -> {
                for (String name : List.of("own", "b", "e", "f", "w", "own/x", "a", "")) {
                    keys.add(KeyRange.single(utf8(name)));
                }
            }
        }
        return keys;
    }

    /* Key by key: what the role has, said as conditions on a key and not as ranges. */
    private boolean specified(Mode mode, KeyRange range) {
        return SPECIFIED.computeIfAbsent(mode + " " + range, ignored -> keyByKey(mode, range));
    }

    private static boolean keyByKey(Mode mode, KeyRange range) {
        return universe().stream().filter(range::contains).allMatch(key -> {
            String text = key.toStringUtf8();
            boolean isOwn = text.equals("rw") || text.startsWith("own/");
            return switch (mode) {
                case READ -> isOwn || "bcde".contains(text.substring(0, 1));
                case WRITE -> isOwn || text.startsWith("w");
            };
        });
    }

    private static final List<String> LETTERS = "\0/0abcdefrwxyz~".chars()
            .mapToObj(Character::toString).toList();
    private static final List<ByteString> UNIVERSE = universeOf();

    private static List<ByteString> universe() {
        return UNIVERSE;
    }

    private static List<ByteString> universeOf() {
        List<ByteString> all = new ArrayList<>();
        for (String stem : List.of("", "o", "ow", "own", "own/", "own0", "own1")) {
            for (String one : LETTERS) {
                all.add(utf8(stem + one));
                for (String two : LETTERS) {
                    all.add(utf8(stem + one + two));
                    for (String three : stem.isEmpty() ? LETTERS : List.<String>of()) {
                        all.add(utf8(stem + one + two + three));
                    }
                }
            }
            if (!stem.isEmpty()) {
                all.add(utf8(stem));
            }
        }
        return all;
    }

    @Test
    void oneselfAndOnesOwnRolesMayBeLookedAt() {
        MethodDescriptor<?, ?> user = AuthGrpc.getUserGetMethod();
        MethodDescriptor<?, ?> role = AuthGrpc.getRoleGetMethod();
        Message self = AuthUserGetRequest.newBuilder().setName("u").build();
        Message own = AuthRoleGetRequest.newBuilder().setRole("right").build();
        for (Principal principal : Principal.values()) {
            boolean isSelf = principal == Principal.RIGHT_ROLE
                    || principal == Principal.CERTIFICATE;
            Optional<EtcdError> expected = isSelf ? Optional.empty() : root(principal);
            check(user, self, principal, expected);
            check(role, own, principal, expected);
        }
    }

    @Test
    void alarmsMayBeReadByUsersAndChangedByRoot() {
        MethodDescriptor<?, ?> alarm = MaintenanceGrpc.getAlarmMethod();
        for (Principal principal : Principal.values()) {
            for (AlarmRequest.AlarmAction action : List.of(AlarmRequest.AlarmAction.ACTIVATE,
                    AlarmRequest.AlarmAction.DEACTIVATE)) {
                check(alarm, AlarmRequest.newBuilder().setAction(action).build(), principal,
                        root(principal));
            }
        }
    }

    /** One cell. Where the service tells of refusals itself, it gets the request with the refusal. */
    private void check(MethodDescriptor<?, ?> method, Message request, Principal principal,
            Optional<EtcdError> expected) {
        FakeCall<Message, Message> call = fixture.call(method, request, headers(principal));
        String cell = method.getFullMethodName() + " by " + principal + " with {" + request + "}";
        if (request instanceof WatchRequest) {
            assertThat(call.refusals).as(cell).containsExactly(expected);
            assertThat(call.closedWith).as(cell).isNull();
            return;
        }
        if (expected.isPresent()) {
            assertThat(call.closedWith).as(cell).isEqualTo(expected.get().status());
            assertThat(call.received).as(cell).isEmpty();
        } else {
            assertThat(call.closedWith).as(cell).isNull();
            assertThat(call.received).as(cell).containsExactly(request);
        }
    }

    private static Message emptyRequest(MethodDescriptor<?, ?> method) {
        Object prototype = ((MethodDescriptor.PrototypeMarshaller<?>) method.getRequestMarshaller())
                .getMessagePrototype();
        return (Message) Objects.requireNonNull(prototype);
    }

    private static ByteString utf8(String text) {
        return ByteString.copyFromUtf8(text);
    }
}
