// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.auth;

import io.jangada.api.auth.Permission;
import io.jangada.api.auth.Role;
import io.jangada.api.auth.User;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Users, roles, and whether they count, as of one entry of the log. Immutable; a change makes another
 * state. The revision begins at 1 and grows with every change (etcd: authStore).
 */
public final class AuthState {
    /** The user that must exist, and the role that may everything. */
    public static final String ROOT = "root";

    /** Before the state is known: nobody may anything. */
    static final AuthState UNKNOWN = new AuthState(true, 0, new TreeMap<>(), new TreeMap<>());

    /** Before anybody configured anything. */
    static final AuthState NEW = new AuthState(false, 1, new TreeMap<>(), new TreeMap<>());

    private final boolean enabled;
    private final long revision;
    private final SortedMap<String, User> users;
    private final SortedMap<String, Role> roles;
    private final Map<String, Grants> grants = new ConcurrentHashMap<>();

    AuthState(boolean enabled, long revision, SortedMap<String, User> users,
            SortedMap<String, Role> roles) {
        this.enabled = enabled;
        this.revision = revision;
        this.users = Collections.unmodifiableSortedMap(users);
        this.roles = Collections.unmodifiableSortedMap(roles);
    }

    /** Whether calls need a user. */
    public boolean enabled() {
        return enabled;
    }

    /** Grows with every change of users and roles, and when authentication is disabled. */
    public long revision() {
        return revision;
    }

    /** All users, by name. */
    public SortedMap<String, User> users() {
        return users;
    }

    /** All roles, by name. */
    public SortedMap<String, Role> roles() {
        return roles;
    }

    /** The user of that name. */
    public Optional<User> user(String name) {
        return Optional.ofNullable(users.get(name));
    }

    /** Whether the user of that name has the role. */
    boolean hasRole(String name, String role) {
        User user = users.get(name);
        return user != null && user.getRolesList().contains(role);
    }

    /** What the user of that name may do; empty if there is none. */
    Optional<Grants> grants(String name) {
        User user = users.get(name);
        return user == null
                ? Optional.empty()
                : Optional.of(grants.computeIfAbsent(name, ignored -> grantsOf(user)));
    }

    private Grants grantsOf(User user) {
        List<Permission> permissions = new ArrayList<>();
        for (String name : user.getRolesList()) {
            Role role = roles.get(name);
            if (role != null) {
                permissions.addAll(role.getKeyPermissionList());
            }
        }
        return Grants.of(user.getRolesList().contains(ROOT), permissions);
    }

    AuthState enable() {
        return new AuthState(true, revision, users, roles);
    }

    AuthState disable() {
        return new AuthState(false, revision + 1, users, roles);
    }

    /** With {@code name} as {@code user}, or without it if that is null. */
    AuthState withUser(String name, @Nullable User user) {
        return new AuthState(enabled, revision + 1, with(users, name, user), roles);
    }

    /** With {@code name} as {@code role}, or without it if that is null. */
    AuthState withRole(String name, @Nullable Role role) {
        return new AuthState(enabled, revision + 1, users, with(roles, name, role));
    }

    /** Without the role, which is taken from all who had it. */
    AuthState withoutRole(String name) {
        TreeMap<String, User> left = new TreeMap<>(users);
        left.replaceAll((ignored, user) -> user.getRolesList().contains(name)
                ? withoutRole(user, name)
                : user);
        return new AuthState(enabled, revision + 1, left, with(roles, name, null));
    }

    static User withoutRole(User user, String role) {
        return user.toBuilder().clearRoles().addAllRoles(
                user.getRolesList().stream().filter(one -> !one.equals(role)).toList()).build();
    }

    private static <T> SortedMap<String, T> with(SortedMap<String, T> all, String name,
            @Nullable T value) {
        TreeMap<String, T> changed = new TreeMap<>(all);
        if (value == null) {
            changed.remove(name);
        } else {
            changed.put(name, value);
        }
        return changed;
    }
}
