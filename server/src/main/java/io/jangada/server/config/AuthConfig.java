// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How users prove who they are: etcd's flags, read and checked. Immutable.
 *
 * @param token what kind of tokens is given ({@code --auth-token})
 * @param simpleTtl how long a simple token lives without being used ({@code --auth-token-ttl})
 * @param bcryptCost of hashing passwords, the logarithm of the rounds ({@code --bcrypt-cost})
 */
public record AuthConfig(Token token, Duration simpleTtl, int bcryptCost) {

    /** etcd's defaults: simple tokens, 300 s, cost 10. */
    public static final AuthConfig DEFAULT = new AuthConfig(new Simple(), Duration.ofMinutes(5),
            10);

    private static final Duration JWT_TTL = Duration.ofMinutes(5);

    /** Kinds of tokens. */
    public sealed interface Token {}

    /** Random letters that the members remember. */
    public record Simple() implements Token {}

    /**
     * JSON web tokens, which members check by a key.
     *
     * @param publicKey PEM, to check with; without it the private key's other half
     * @param privateKey PEM, to sign with; for HMAC the shared secret. Without it this member only checks
     * @param signMethod such as RS256
     * @param ttl until a token that was given expires
     */
    public record Jwt(Optional<Path> publicKey, Optional<Path> privateKey, String signMethod,
            Duration ttl) implements Token {}

    /**
     * Reads the three flags.
     *
     * @throws ConfigException if the options are malformed, doubled or unknown, or a time is not positive
     */
    public static AuthConfig parse(String token, long simpleTtlSeconds, int bcryptCost)
            throws ConfigException {
        if (simpleTtlSeconds <= 0) {
            throw new ConfigException(
                    "--auth-token-ttl is " + simpleTtlSeconds + " s, must be more than 0 s");
        }
        List<String> parts = List.of(token.split(",", -1));
        Map<String, String> options = new HashMap<>();
        for (String part : parts.subList(1, parts.size())) {
            int equals = part.indexOf('=');
            if (equals <= 0 || options.put(part.substring(0, equals),
                    part.substring(equals + 1)) != null) {
                throw new ConfigException(
                        "--auth-token: \"" + part + "\" is not name=value, or there twice");
            }
        }
        Token kind = switch (parts.getFirst()) {
            case "simple", "" -> new Simple();
            case "jwt" -> jwt(options);
            default -> throw new ConfigException("--auth-token is \"" + parts.getFirst()
                    + "\", neither simple nor jwt");
        };
        return new AuthConfig(kind, Duration.ofSeconds(simpleTtlSeconds), bcryptCost);
    }

    private static Jwt jwt(Map<String, String> options) throws ConfigException {
        for (String name : options.keySet()) {
            if (!List.of("pub-key", "priv-key", "sign-method", "ttl").contains(name)) {
                throw new ConfigException("--auth-token: jwt has no option " + name);
            }
        }
        String method = options.getOrDefault("sign-method", "");
        if (method.isEmpty()) {
            throw new ConfigException("--auth-token: jwt needs a sign-method");
        }
        String ttl = options.getOrDefault("ttl", "");
        return new Jwt(Optional.ofNullable(options.get("pub-key")).map(Path::of),
                Optional.ofNullable(options.get("priv-key")).map(Path::of), method,
                ttl.isEmpty() ? JWT_TTL : GoDuration.parse("--auth-token: ttl", ttl));
    }
}
