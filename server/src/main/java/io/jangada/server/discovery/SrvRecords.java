// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import io.jangada.network.HostPort;
import io.jangada.server.config.Bootstrap;
import io.jangada.server.config.ServerUrl;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import javax.naming.Context;
import javax.naming.NameNotFoundException;
import javax.naming.NamingEnumeration;
import javax.naming.NamingException;
import javax.naming.directory.Attribute;
import javax.naming.directory.InitialDirContext;

/**
 * The SRV records of a domain that name the members of a new cluster: {@code _etcd-server-ssl._tcp.DOMAIN}
 * those that are reached by {@code https}, {@code _etcd-server._tcp.DOMAIN} those by {@code http}, with the
 * suffix behind the service's name if there is one (etcd: client/pkg/srv). By the JDK's resolver.
 */
public final class SrvRecords {
    private static final String ATTRIBUTE = "SRV";
    private static final int FIELDS = 4;

    private final Bootstrap.Dns dns;
    private final String server;

    /** Those that the system's resolver finds. */
    public SrvRecords(Bootstrap.Dns dns) {
        this(dns, "dns:");
    }

    /** Those that {@code server} has: {@code dns://host:port}. */
    SrvRecords(Bootstrap.Dns dns, String server) {
        this.dns = dns;
        this.server = server;
    }

    /**
     * The members, in the form of {@code --initial-cluster}. The records have no names: the one that leads to
     * where one of {@code own} leads is the member {@code name}, the others have numbers, until each says its
     * own.
     *
     * @param own where the member says that it is found
     * @throws DiscoveryException if there is no record, or none of this member
     */
    public String initialCluster(String name, List<ServerUrl> own) throws DiscoveryException {
        List<String> urls = new ArrayList<>();
        String tls = service("etcd-server-ssl");
        String plain = service("etcd-server");
        try {
            for (HostPort target : targets(tls)) {
                urls.add("https://" + target);
            }
            for (HostPort target : targets(plain)) {
                urls.add("http://" + target);
            }
        } catch (NamingException failed) {
            throw new DiscoveryException("discovery: error querying DNS SRV records of "
                    + dns.domain() + ": " + failed.getMessage(), failed);
        }
        if (urls.isEmpty()) {
            throw new DiscoveryException("discovery: no SRV records " + tls + " or " + plain);
        }
        return named(urls, name, own);
    }

    private String service(String service) {
        return "_" + service + (dns.suffix().isEmpty() ? "" : "-" + dns.suffix()) + "._tcp."
                + dns.domain();
    }

    /* The provider for the DNS knows texts only: there are no objects to be made of what comes. */
    @SuppressWarnings({"BanJNDI", "JdkObsolete"}) // JNDI takes a Hashtable.
    private List<HostPort> targets(String query) throws NamingException, DiscoveryException {
        Hashtable<String, String> environment = new Hashtable<>();
        environment.put(Context.INITIAL_CONTEXT_FACTORY, "com.sun.jndi.dns.DnsContextFactory");
        environment.put(Context.PROVIDER_URL, server);
        InitialDirContext context = new InitialDirContext(environment);
        try {
            Attribute records = context.getAttributes(query, new String[]{ATTRIBUTE})
                    .get(ATTRIBUTE);
            List<HostPort> targets = new ArrayList<>();
            if (records != null) {
                NamingEnumeration<?> all = records.getAll();
                while (all.hasMore()) {
                    targets.add(target(String.valueOf(all.next()), query));
                }
            }
            return targets;
        } catch (NameNotFoundException ignored) {
            return List.of();
        } finally {
            context.close();
        }
    }

    /* Priority, weight, port, and a host that ends with a dot. */
    private static HostPort target(String record, String query) throws DiscoveryException {
        String[] fields = record.split(" ", -1);
        if (fields.length == FIELDS && fields[3].length() > 1) {
            return new HostPort(
                    fields[3].endsWith(".")
                            ? fields[3].substring(0, fields[3].length() - 1)
                            : fields[3],
                    Integer.parseInt(fields[2]));
        }
        throw new DiscoveryException("discovery: " + query + " has a malformed record: " + record);
    }

    private static String named(List<String> urls, String name, List<ServerUrl> own)
            throws DiscoveryException {
        Set<String> texts = own.stream().map(ServerUrl::text).collect(Collectors.toSet());
        Set<InetSocketAddress> addresses = own.stream().map(url -> resolved(url.hostPort()))
                .flatMap(Optional::stream).collect(Collectors.toSet());
        List<String> all = new ArrayList<>();
        int unnamed = 0;
        boolean isFound = false;
        for (String url : urls) {
            boolean isOwn = texts.contains(url) || leadsTo(url, addresses);
            all.add((isOwn ? name : Integer.toString(unnamed++)) + "=" + url);
            isFound |= isOwn;
        }
        if (!isFound) {
            throw new DiscoveryException("discovery: cannot find local etcd member \"" + name
                    + "\" in SRV records: they have " + String.join(",", urls) + ", it has "
                    + String.join(",", texts));
        }
        return String.join(",", all);
    }

    private static boolean leadsTo(String url, Set<InetSocketAddress> addresses) {
        int port = url.lastIndexOf(':');
        return resolved(new HostPort(url.substring(url.indexOf("://") + 3, port),
                Integer.parseInt(url.substring(port + 1)))).filter(addresses::contains)
                .isPresent();
    }

    private static Optional<InetSocketAddress> resolved(HostPort at) {
        InetSocketAddress address = new InetSocketAddress(at.host(), at.port());
        return address.isUnresolved() ? Optional.empty() : Optional.of(address);
    }
}
