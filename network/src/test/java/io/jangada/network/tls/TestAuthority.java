// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import io.netty.handler.ssl.SslProvider;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;

/** Signs certificates for tests, and writes them as files. */
public final class TestAuthority {
    private static final long DAY_SECONDS = 24 * 3600;

    private final AtomicLong serial = new AtomicLong(1);
    private final X500Name name;
    private final KeyPair pair;
    private final Path directory;
    private final Path file;

    /** An authority that keeps its files in {@code directory}. */
    public TestAuthority(Path directory, String name) throws IOException {
        this.directory = directory;
        this.name = new X500Name("CN=" + name);
        this.pair = pair("EC", 256);
        this.file = directory.resolve(name + "-ca.pem");
        write(file, certificate(this.name, pair, List.of(), DAY_SECONDS, true));
    }

    /** Its own certificate. */
    public Path file() {
        return file;
    }

    /** Mutual TLS with a new certificate that is valid for {@code hosts}. */
    public PeerTls mutual(String commonName, String... hosts) throws IOException {
        return issue(commonName, DAY_SECONDS, hosts);
    }

    /** The same, with a certificate that has expired. */
    public PeerTls expired(String commonName, String... hosts) throws IOException {
        return issue(commonName, -10, hosts);
    }

    private PeerTls issue(String commonName, long seconds, String... hosts) throws IOException {
        KeyPair subject = pair("EC", 256);
        Path certificate = directory.resolve(commonName + "-cert.pem");
        Path key = directory.resolve(commonName + "-key.pem");
        write(key, new JcaPKCS8Generator(subject.getPrivate(), null));
        write(certificate, certificate(new X500Name("O=test,CN=" + commonName), subject,
                List.of(hosts), seconds, false));
        return PeerTls.mutual(certificate, key, file);
    }

    /** A file, DER, by which the certificate of {@code tls} is revoked. */
    public Path revoke(PeerTls tls) throws IOException {
        Date now = Date.from(Instant.now());
        var builder = new X509v2CRLBuilder(name, now);
        builder.addCRLEntry(PemFiles.certificates(tls.certificateFile()).getFirst()
                .getSerialNumber(), now, CRLReason.keyCompromise);
        try {
            return Files.write(directory.resolve("revoked.crl"), builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()))
                    .getEncoded());
        } catch (OperatorCreationException e) {
            throw new IOException(e);
        }
    }

    /** A file, DER, by which nothing is revoked. */
    public Path revokeNothing() throws IOException {
        try {
            return Files.write(directory.resolve("revoked.crl"),
                    new X509v2CRLBuilder(name, Date.from(Instant.now())).build(
                            new JcaContentSignerBuilder("SHA256withECDSA")
                                    .build(pair.getPrivate()))
                            .getEncoded());
        } catch (OperatorCreationException e) {
            throw new IOException(e);
        }
    }

    /** A key as other programs write it, PKCS#1 or SEC1, with its certificate. */
    public PeerTls traditional(String algorithm, int bits) throws IOException {
        KeyPair subject = pair(algorithm, bits);
        Path certificate = directory.resolve(algorithm + "-cert.pem");
        Path key = directory.resolve(algorithm + "-key.pem");
        write(key, subject.getPrivate() instanceof ECPrivateKey ec
                ? sec1(ec)
                : subject.getPrivate());
        write(certificate, certificate(new X500Name("CN=" + algorithm), subject,
                List.of("127.0.0.1"), DAY_SECONDS, false));
        return PeerTls.mutual(certificate, key, file);
    }

    /** With the curve in it, as openssl writes it. */
    private static PemObject sec1(ECPrivateKey key) throws IOException {
        var parameters = PrivateKeyInfo.getInstance(key.getEncoded()).getPrivateKeyAlgorithm()
                .getParameters();
        return new PemObject("EC PRIVATE KEY", new org.bouncycastle.asn1.sec.ECPrivateKey(256,
                key.getS(), parameters).getEncoded());
    }

    /** Contexts of a given TLS library, which are loaded by the calling thread. */
    public static TlsContexts contexts(PeerTls tls, SslProvider provider, Executor blocking,
            InstantSource clock) throws TlsFileException {
        return TlsContexts.open(tls, provider, blocking, clock);
    }

    private X509CertificateHolder certificate(X500Name subject, KeyPair of, List<String> hosts,
            long seconds, boolean authority) throws IOException {
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(name,
                BigInteger.valueOf(serial.getAndIncrement()),
                Date.from(now.minusSeconds(DAY_SECONDS)), Date.from(now.plusSeconds(seconds)),
                subject, of.getPublic());
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
        if (!hosts.isEmpty()) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                    hosts.stream()
                            .map(host -> new GeneralName(NetUtil.isValidIpV4Address(host)
                                    ? GeneralName.iPAddress
                                    : GeneralName.dNSName, host))
                            .toArray(GeneralName[]::new)));
        }
        try {
            return builder.build(
                    new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
        } catch (OperatorCreationException e) {
            throw new IOException(e);
        }
    }

    private static KeyPair pair(String algorithm, int bits) throws IOException {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void write(Path file, Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        Files.writeString(file, text.toString());
    }
}
