// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Versions and cipher suites of TLS as etcd's flags spell them, which is Go's way. Pure functions. */
final class GoTls {
    private static final String CHACHA = "_WITH_CHACHA20_POLY1305";
    private static final String FLAG = "--cipher-suites";

    /** Always on where TLS 1.3 is: in Go they cannot be chosen, either. */
    private static final Set<String> OF_1_3 = Set.of("TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256");

    /** What Go has for TLS 1.2; the JDK's names are the same. */
    private static final Set<String> OF_1_2 = Set.of(
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS_RSA_WITH_AES_128_CBC_SHA",
            "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_AES_128_CBC_SHA256",
            "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256");

    private GoTls() {}

    /**
     * The versions from {@code min} to {@code max}, the newest first, as the JDK spells them. Empty is 1.2, and
     * the newest.
     *
     * @throws ConfigException if one is neither TLS1.2 nor TLS1.3, or the first is above the other
     */
    static List<String> versions(String min, String max) throws ConfigException {
        boolean isFrom13 = is13("--tls-min-version", min, false);
        boolean isTo13 = is13("--tls-max-version", max, true);
        if (isFrom13 && !isTo13) {
            throw new ConfigException("--tls-min-version is " + min
                    + ", above --tls-max-version, which is " + max);
        }
        List<String> versions = new ArrayList<>();
        if (isTo13) {
            versions.add("TLSv1.3");
        }
        if (!isFrom13) {
            versions.add("TLSv1.2");
        }
        return List.copyOf(versions);
    }

    private static boolean is13(String flag, String text, boolean byDefault)
            throws ConfigException {
        return switch (text) {
            case "" -> byDefault;
            case "TLS1.2" -> false;
            case "TLS1.3" -> true;
            default -> throw new ConfigException(flag + " is \"" + text
                    + "\", neither TLS1.2 nor TLS1.3");
        };
    }

    /**
     * The cipher suites of TLS 1.2 in {@code text}, names separated by commas, as the JDK spells them.
     *
     * @param versions those of {@link #versions}
     * @throws ConfigException if there is a name that Go does not have, or one of broken ciphers (RC4, 3DES), or
     *     only TLS 1.3 is on
     */
    static List<String> cipherSuites(String text, List<String> versions) throws ConfigException {
        List<String> suites = new ArrayList<>();
        for (String name : text.split(",", -1)) {
            String suite = name.strip().endsWith(CHACHA) ? name.strip() + "_SHA256" : name.strip();
            if (OF_1_2.contains(suite)) {
                suites.add(suite);
            } else if (!suite.isEmpty() && !OF_1_3.contains(suite)) {
                Set<String> known = new TreeSet<>(OF_1_2);
                known.addAll(OF_1_3);
                throw new ConfigException(FLAG + ": \"" + suite + "\" is not one of "
                        + String.join(", ", known));
            }
        }
        if (!text.isBlank() && !versions.contains("TLSv1.2")) {
            throw new ConfigException(
                    FLAG + " cannot be configured when only TLS1.3 is enabled");
        }
        return List.copyOf(suites);
    }
}
