// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.cluster;

import io.jangada.network.HostPort;
import io.jangada.server.apply.RequestRejected;
import io.jangada.server.config.ConfigException;
import io.jangada.server.config.ServerUrl;
import io.jangada.server.error.EtcdError;
import java.util.List;

/**
 * Where a member listens for the others, as a request says it. Immutable.
 *
 * @param urls in the order of their texts; at least one
 */
public record PeerUrls(List<ServerUrl> urls) {
    public PeerUrls {
        urls = urls.stream().sorted().toList();
    }

    /**
     * Reads what a client sent.
     *
     * @throws RequestRejected if there is none, or one is malformed or given twice
     */
    public static PeerUrls parse(List<String> texts) {
        try {
            PeerUrls all = new PeerUrls(ServerUrl.parseList("peer URLs", String.join(",", texts)));
            if (all.urls.stream().distinct().count() < texts.size()
                    || all.urls.stream().anyMatch(ServerUrl::isSocket)) {
                throw new RequestRejected(EtcdError.MEMBER_BAD_URLS);
            }
            return all;
        } catch (ConfigException malformed) {
            throw new RequestRejected(EtcdError.MEMBER_BAD_URLS);
        }
    }

    /** As they were given, in order. */
    public List<String> texts() {
        return urls.stream().map(ServerUrl::text).toList();
    }

    /** Where they lead. */
    List<HostPort> addresses() {
        return urls.stream().map(ServerUrl::hostPort).toList();
    }
}
