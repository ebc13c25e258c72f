package lab;

import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** RSA certificates, with the extensions that the official tool sets. */
record Certificates(int keySize, int days) {
    record Issued(X509Certificate certificate, PrivateKey key) {}

    Issued authority(String subject) throws Exception {
        return make(null, subject, null);
    }

    /** The official tool, too, looks whether key and certificate of the authority belong together. */
    Issued issue(Issued authority, String subject, List<String> dns, List<String> ip) throws Exception {
        List<GeneralName> names = new ArrayList<>();
        for (String name : dns) names.add(new GeneralName(GeneralName.dNSName, name));
        // a literal only: nothing is looked up
        for (String address : ip) names.add(new GeneralName(GeneralName.iPAddress, InetAddress.ofLiteral(address).getHostAddress()));
        Issued issued = make(authority, subject, names.isEmpty() ? null : new GeneralNames(names.toArray(GeneralName[]::new)));
        issued.certificate.verify(authority.certificate.getPublicKey());
        return issued;
    }

    /** Refuses what the official tool refuses: several certificates, and one that is no authority's. */
    static Issued read(Path certificate, Path key) throws Exception {
        try (var in = Files.newInputStream(certificate); var pem = new PEMParser(Files.newBufferedReader(key))) {
            var certificates = CertificateFactory.getInstance("X.509").generateCertificates(in);
            if (certificates.size() != 1) {
                throw new IllegalArgumentException(
                    "expected a single certificate in file [" + certificate + "] but found [" + certificates.size() + "]"
                );
            }
            X509Certificate authority = (X509Certificate) certificates.iterator().next();
            if (authority.getBasicConstraints() < 0) throw new IllegalArgumentException("ca certificate is not a CA!");
            Object content = pem.readObject();
            PrivateKeyInfo info = content instanceof PEMKeyPair pair ? pair.getPrivateKeyInfo() : (PrivateKeyInfo) content;
            return new Issued(authority, new JcaPEMKeyConverter().getPrivateKey(info));
        }
    }

    /** Signed by itself, and so an authority, where none is given. */
    private Issued make(Issued authority, String subject, GeneralNames alternativeNames) throws Exception {
        boolean isAuthority = authority == null;
        KeyPair keys = keyPair();
        X500Principal name = new X500Principal(subject);
        Instant now = Instant.now();
        var builder = new JcaX509v3CertificateBuilder(
            isAuthority ? name : authority.certificate.getSubjectX500Principal(),
            new BigInteger(159, new SecureRandom()),
            Date.from(now),
            Date.from(now.plus(days, ChronoUnit.DAYS)),
            name,
            keys.getPublic()
        );
        var utils = new JcaX509ExtensionUtils();
        var issuerKey = isAuthority ? keys.getPublic() : authority.certificate.getPublicKey();
        builder.addExtension(Extension.subjectKeyIdentifier, false, utils.createSubjectKeyIdentifier(keys.getPublic()));
        builder.addExtension(Extension.authorityKeyIdentifier, false, utils.createAuthorityKeyIdentifier(issuerKey));
        if (alternativeNames != null) builder.addExtension(Extension.subjectAlternativeName, false, alternativeNames);
        builder.addExtension(Extension.basicConstraints, isAuthority, new BasicConstraints(isAuthority));
        PrivateKey signingKey = isAuthority ? keys.getPrivate() : authority.key;
        var signer = new JcaContentSignerBuilder("SHA256with" + (signingKey.getAlgorithm().equals("EC") ? "ECDSA" : "RSA")).build(signingKey);
        return new Issued(new JcaX509CertificateConverter().getCertificate(builder.build(signer)), keys.getPrivate());
    }

    private KeyPair keyPair() throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(keySize);
        return generator.generateKeyPair();
    }
}
