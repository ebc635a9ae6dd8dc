// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.server.discovery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.jangada.server.config.Bootstrap;
import io.jangada.server.config.ServerUrl;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The JDK's resolver against a small server of SRV records. */
@Timeout(60)
class SrvRecordsTest {
    private static final Bootstrap.Dns DNS = new Bootstrap.Dns("example.test", "");

    @SuppressWarnings("NullAway.Init") // Set in start().
    private SrvServer server;

    @BeforeEach
    void start() throws Exception {
        server = new SrvServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void eachRecordIsAMember() throws Exception {
        server.add("_etcd-server._tcp.example.test", "localhost", 2380);
        server.add("_etcd-server._tcp.example.test", "b.invalid", 2381);
        server.add("_etcd-server._tcp.example.test", "c.invalid", 2382);
        assertThat(members(DNS, "http://localhost:2380").split(",", -1))
                .containsExactlyInAnyOrder("m1=http://localhost:2380", "0=http://b.invalid:2381",
                        "1=http://c.invalid:2382");
    }

    @Test
    void thoseWithTlsHaveAServiceOfTheirOwn() throws Exception {
        server.add("_etcd-server-ssl._tcp.example.test", "a.invalid", 2380);
        assertThat(members(DNS, "https://a.invalid:2380")).isEqualTo("m1=https://a.invalid:2380");
    }

    @Test
    void theServiceMayHaveASuffix() throws Exception {
        server.add("_etcd-server._tcp.example.test", "b.invalid", 1);
        server.add("_etcd-server-blue._tcp.example.test", "a.invalid", 2380);
        server.add("_etcd-server-ssl-blue._tcp.example.test", "c.invalid", 2380);
        assertThat(members(new Bootstrap.Dns("example.test", "blue"), "http://a.invalid:2380"))
                .isEqualTo("0=https://c.invalid:2380,m1=http://a.invalid:2380");
    }

    @Test
    void aMemberIsFoundByWhereItsNameLeads() throws Exception {
        server.add("_etcd-server._tcp.example.test", "localhost", 2380);
        assertThat(members(DNS, "http://127.0.0.1:2380")).isEqualTo("m1=http://localhost:2380");
    }

    @Test
    void whoHasNoRecordIsRefused() {
        assertThatThrownBy(() -> members(DNS, "http://a.invalid:2380"))
                .isInstanceOf(DiscoveryException.class)
                .hasMessageContaining("no SRV records")
                .hasMessageContaining("_etcd-server._tcp.example.test");
        server.add("_etcd-server._tcp.example.test", "b.invalid", 2380);
        assertThatThrownBy(() -> members(DNS, "http://a.invalid:2380"))
                .isInstanceOf(DiscoveryException.class)
                .hasMessageContaining("cannot find local etcd member \"m1\"")
                .hasMessageContaining("http://b.invalid:2380");
    }

    @Test
    void aServerThatFailsIsNoEmptyAnswer() {
        server.fail();
        assertThatThrownBy(() -> members(DNS, "http://a.invalid:2380"))
                .isInstanceOf(DiscoveryException.class)
                .hasMessageContaining("error querying DNS SRV records of example.test");
    }

    private String members(Bootstrap.Dns dns, String own) throws Exception {
        return new SrvRecords(dns, server.url()).initialCluster("m1",
                List.of(ServerUrl.parse("own", own)));
    }
}
