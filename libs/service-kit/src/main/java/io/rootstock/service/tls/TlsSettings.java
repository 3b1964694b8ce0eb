package io.rootstock.service.tls;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** TLS of every service. */
@ConfigMapping(prefix = "rootstock")
public interface TlsSettings {
    /** Calls to other services. */
    Client client();

    /** TLS of the gRPC and the HTTP server, and the reloading of certificates. */
    Server tls();

    /** Calls to other services. */
    interface Client {
        /** Use TLS for calls to other services. */
        @WithDefault("false")
        boolean tls();

        /** PEM file with the trusted certificate authorities for TLS. Not set: those of the JDK. */
        Optional<Path> trustFile();

        /** PEM file with the certificate that calls to other services present. Not set: none. */
        Optional<Path> certificateFile();

        /** PEM file with the unencrypted PKCS#8 key of {@code rootstock.client.certificate-file}. */
        Optional<Path> keyFile();
    }

    /** TLS of the gRPC and the HTTP server, and the reloading of certificates. */
    interface Server {
        /**
         * PEM file with the certificate of the service, followed by intermediate certificates: gRPC and HTTP are served over TLS
         * only. Not set: no TLS.
         */
        Optional<Path> certificateFile();

        /** PEM file with the unencrypted PKCS#8 key of {@code rootstock.tls.certificate-file}. */
        Optional<Path> keyFile();

        /** PEM file with the certificate authorities of clients; set with {@code rootstock.tls.client-authentication}. */
        Optional<Path> clientAuthorityFile();

        /** Whether clients present certificates. */
        @WithDefault("none")
        ClientAuthentication clientAuthentication();

        /**
         * Alternative names (DNS names or URIs) of the client certificates that are accepted, such as {@code
         * spiffe://cluster.local/ns/rootstock/sa/registry}. Not set: all certificates of the authorities.
         */
        Optional<List<String>> allowedPeers();

        /**
         * Interval at which the files of certificates and keys, also those of {@code rootstock.client}, are compared with those in
         * use.
         */
        @WithDefault("10s")
        Duration reloadPeriod();
    }

    /** Certificates of clients. */
    enum ClientAuthentication {
        /** Clients need no certificate. */
        NONE,
        /** The certificate of a client is checked if it presents one. */
        OPTIONAL,
        /** Clients without a certificate are refused, except for health checks over HTTP. */
        REQUIRED
    }
}
