// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import io.jangada.network.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;

/**
 * An address as etcd's flags write it: {@code http://host:port} or {@code https://host:port}, without a path. Immutable.
 *
 * @param text as it was given: ids are hashes of it
 * @param hostPort where it leads
 */
public record ServerUrl(String text, HostPort hostPort) implements Comparable<ServerUrl> {
    private static final String HTTPS = "https";

    /**
     * Reads one URL.
     *
     * @param flag names it in the refusal
     * @throws ConfigException if it is malformed, or has a scheme that this server does not speak
     */
    public static ServerUrl parse(String flag, String text) throws ConfigException {
        URI uri;
        try {
            uri = new URI(text.strip());
        } catch (URISyntaxException malformed) {
            throw new ConfigException(flag + ": \"" + text + "\" is not a URL");
        }
        if (!"http".equals(uri.getScheme()) && !HTTPS.equals(uri.getScheme())) {
            throw new ConfigException(flag + ": \"" + text
                    + "\" is neither http://host:port nor https://host:port");
        }
        if (uri.getHost() == null || uri.getPort() < 0 || uri.getPort() > 65_535) {
            throw new ConfigException(flag + ": \"" + text + "\" does not name a host and a port");
        }
        if (uri.getRawPath() != null && !uri.getRawPath().isEmpty()) {
            throw new ConfigException(flag + ": \"" + text + "\" has a path");
        }
        String host = uri.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ServerUrl(text.strip(), new HostPort(bare, uri.getPort()));
    }

    /**
     * Reads URLs that are separated by commas; at least one.
     *
     * @throws ConfigException if one of them is refused
     */
    public static List<ServerUrl> parseList(String flag, String text) throws ConfigException {
        List<ServerUrl> urls = new ArrayList<>();
        for (String one : text.split(",", -1)) {
            urls.add(parse(flag, one));
        }
        return List.copyOf(urls);
    }

    /** Whether it is {@code https}. */
    public boolean isTls() {
        return text.startsWith(HTTPS + ":");
    }

    @Override
    public int compareTo(ServerUrl that) {
        return text.compareTo(that.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
