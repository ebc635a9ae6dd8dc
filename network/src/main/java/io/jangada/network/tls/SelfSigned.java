// Copyright The Jangada Authors. SPDX-License-Identifier: Apache-2.0
package io.jangada.network.tls;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A member's own certificate, which nobody has signed but itself, for clusters without an authority. As
 * with etcd's --peer-auto-tls what peers say is hidden from those who only listen, but no peer knows
 * who the other is ({@link PeerTrust.Anyone}).
 */
public final class SelfSigned {
    /** As etcd's --self-signed-cert-validity. */
    public static final Duration VALIDITY = Duration.ofDays(365);
    private static final Duration CLOCKS_APART = Duration.ofHours(1);
    private static final int SERIAL_BITS = 127;

    private SelfSigned() {}

    /**
     * TLS with the certificate in {@code directory/cert.pem} and the key in {@code directory/key.pem}. They
     * are made if they are not there, or have expired, with an elliptic key on P-256; only the owner may
     * read the key. Blocks.
     *
     * @param hosts the names and addresses that the certificate is for; no peer checks them
     * @param clock says when the certificate begins to be valid, which is {@link #VALIDITY} long
     * @throws TlsFileException if what is there is no certificate with its key
     * @throws IOException if the files cannot be written
     */
    public static PeerTls in(Path directory, List<String> hosts, InstantSource clock)
            throws IOException {
        return in(directory, hosts, VALIDITY, clock);
    }

    /** The same, valid for {@code validity} from the time at which it is made. */
    public static PeerTls in(Path directory, List<String> hosts, Duration validity,
            InstantSource clock) throws IOException {
        var tls = new PeerTls(directory.resolve("cert.pem"), directory.resolve("key.pem"),
                new PeerTrust.Anyone(), List.of(), List.of());
        if (!Files.exists(tls.certificateFile()) || !Files.exists(tls.keyFile())
                || hasExpired(TlsMaterial.load(tls), clock.instant())) {
            Files.createDirectories(directory);
            make(tls, hosts, clock.instant(), validity);
        }
        return tls;
    }

    private static boolean hasExpired(TlsMaterial material, Instant now) {
        X509Certificate certificate = material.certificate();
        return certificate.getNotAfter().toInstant().isBefore(now);
    }

    private static void make(PeerTls tls, List<String> hosts, Instant now, Duration validity)
            throws IOException {
        try {
            var random = new SecureRandom();
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"), random);
            KeyPair pair = generator.generateKeyPair();
            String key = pem(new JcaPKCS8Generator(pair.getPrivate(), null));
            // The certificate last: while there is none, both are made anew.
            Files.deleteIfExists(tls.certificateFile());
            write(tls.keyFile(), key);
            write(tls.certificateFile(), pem(certificate(pair, hosts, now, validity)));
        } catch (GeneralSecurityException | OperatorCreationException e) {
            throw new IOException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    private static X509CertificateHolder certificate(KeyPair pair, List<String> hosts,
            Instant now, Duration validity) throws IOException, OperatorCreationException {
        var name = new X500Name("O=jangada");
        var builder = new JcaX509v3CertificateBuilder(name,
                new BigInteger(SERIAL_BITS, new SecureRandom()),
                Date.from(now.minus(CLOCKS_APART)), Date.from(now.plus(validity)), name,
                pair.getPublic());
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(
                new KeyPurposeId[]{KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
        if (!hosts.isEmpty()) {
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(
                    hosts.stream().map(SelfSigned::alternative).toArray(GeneralName[]::new)));
        }
        return builder.build(
                new JcaContentSignerBuilder("SHA256withECDSA").build(pair.getPrivate()));
    }

    private static GeneralName alternative(String host) {
        boolean address = NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host);
        return new GeneralName(address ? GeneralName.iPAddress : GeneralName.dNSName, host);
    }

    private static String pem(Object object) throws IOException {
        var text = new StringWriter();
        try (var writer = new JcaPEMWriter(text)) {
            writer.writeObject(object);
        }
        return text.toString();
    }

    /** Nobody sees half a file, and nobody else a key, not even for a moment. */
    private static void write(Path file, String text) throws IOException {
        Path temporary = file.resolveSibling(file.getFileName() + ".tmp");
        Files.deleteIfExists(temporary);
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        if (posix) {
            Files.createFile(temporary, PosixFilePermissions
                    .asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(temporary);
        }
        Files.write(temporary, text.getBytes(StandardCharsets.US_ASCII),
                StandardOpenOption.WRITE);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }
}
