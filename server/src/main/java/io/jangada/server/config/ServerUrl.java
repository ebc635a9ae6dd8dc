// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.config;

import io.jangada.network.HostPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * An address as etcd's flags write it: {@code http://host:port} or {@code https://host:port}, without a path;
 * or {@code unix://file} or {@code unixs://file}, a socket in the file system, of which {@code unix:///file} is
 * the absolute form. Immutable.
 *
 * @param text as it was given: ids are hashes of it
 * @param place where it leads
 */
public record ServerUrl(String text, Place place) implements Comparable<ServerUrl> {

    private static final String HTTPS = "https";
    private static final String UNIX = "unix";
    private static final String UNIXS = "unixs";
    /** What fits into a socket's address on Linux, without the end. */
    private static final int SOCKET_BYTES_MAX = 107;

    /** Where something can listen. */
    public sealed interface Place {
        /** In the network. */
        record Tcp(HostPort hostPort) implements Place {}

        /** In the file system. */
        record Socket(Path file) implements Place {}
    }

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
        if (UNIX.equals(uri.getScheme()) || UNIXS.equals(uri.getScheme())) {
            return new ServerUrl(text.strip(), socket(flag, uri));
        }
        if (!"http".equals(uri.getScheme()) && !HTTPS.equals(uri.getScheme())) {
            throw new ConfigException(flag + ": \"" + text + "\" is neither http://host:port nor"
                    + " https://host:port, nor unix:///file or unixs:///file");
        }
        if (uri.getHost() == null || uri.getPort() < 0 || uri.getPort() > 65_535) {
            throw new ConfigException(flag + ": \"" + text + "\" does not name a host and a port");
        }
        if (uri.getRawPath() != null && !uri.getRawPath().isEmpty()) {
            throw new ConfigException(flag + ": \"" + text + "\" has a path");
        }
        String host = uri.getHost();
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new ServerUrl(text.strip(), new Place.Tcp(new HostPort(bare, uri.getPort())));
    }

    /* What stands for the host belongs to the name, as in etcd: unix://localhost:m1 is a file in the working directory. */
    private static Place socket(String flag, URI uri) throws ConfigException {
        String file = (uri.getAuthority() == null ? "" : uri.getAuthority())
                + (uri.getPath() == null ? "" : uri.getPath());
        int bytes = file.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0 || bytes > SOCKET_BYTES_MAX) {
            throw new ConfigException(flag + ": \"" + uri + "\" names a socket of " + bytes
                    + " bytes, must be 1 to " + SOCKET_BYTES_MAX);
        }
        return new Place.Socket(Path.of(file));
    }

    /**
     * Where it leads in the network.
     *
     * @throws IllegalStateException if it is a socket in the file system
     */
    public HostPort hostPort() {
        return switch (place) {
            case Place.Tcp(HostPort at) -> at;
            case Place.Socket ignored -> throw new IllegalStateException(text + " has no host");
        };
    }

    /** Whether it is a socket in the file system. */
    public boolean isSocket() {
        return place instanceof Place.Socket;
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

    /** Whether it is {@code https} or {@code unixs}. */
    public boolean isTls() {
        return text.startsWith(HTTPS + ":") || text.startsWith(UNIXS + ":");
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
