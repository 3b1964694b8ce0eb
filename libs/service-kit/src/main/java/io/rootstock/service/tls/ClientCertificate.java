package io.rootstock.service.tls;

import io.grpc.Context;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Names of the verified certificate of a client. */
public final class ClientCertificate {
    /**
     * Name of the client's certificate in the context of interceptors of a gRPC call: its first URI, else its first DNS name, else
     * its common name. Null if the client presented none. A blocking method may not see it: Quarkus replays queued messages to
     * such methods without the context of the call.
     */
    public static final Context.Key<String> NAME = Context.key("rootstock.client-certificate");

    /** Types of alternative names, as {@link X509Certificate#getSubjectAlternativeNames} numbers them. */
    private static final int DNS_NAME = 2;

    private static final int URI = 6;

    private ClientCertificate() {}

    /**
     * All names of a client, {@link #NAME} first: its URIs, then its DNS names; the common name if it has neither.
     *
     * @param session TLS session; null: no TLS
     */
    public static List<String> names(SSLSession session) {
        if (session == null) {
            return List.of();
        }
        try {
            return session.getPeerCertificates()[0] instanceof X509Certificate certificate
                    ? names(certificate)
                    : List.of();
        } catch (SSLPeerUnverifiedException | CertificateParsingException | InvalidNameException e) {
            // No certificate, or one without a readable name.
            return List.of();
        }
    }

    private static List<String> names(X509Certificate certificate)
            throws CertificateParsingException, InvalidNameException {
        Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        if (alternatives != null) {
            names.addAll(ofType(URI, alternatives));
            names.addAll(ofType(DNS_NAME, alternatives));
        }
        if (names.isEmpty()) {
            names.addAll(commonName(certificate));
        }
        names.removeIf(String::isBlank);
        return names;
    }

    private static List<String> ofType(int type, Collection<List<?>> alternatives) {
        return alternatives.stream()
                .filter(alternative -> Integer.valueOf(type).equals(alternative.get(0)))
                .map(alternative -> (String) alternative.get(1))
                .toList();
    }

    private static List<String> commonName(X509Certificate certificate) throws InvalidNameException {
        return new LdapName(certificate.getSubjectX500Principal().getName())
                .getRdns().stream()
                        .filter(rdn -> rdn.getType().equalsIgnoreCase("CN"))
                        .map(Rdn::getValue)
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .toList();
    }
}
