package io.rootstock.service.tls;

import io.quarkus.runtime.Startup;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.TlsFiles;
import io.rootstock.service.tls.TlsSettings.ClientAuthentication;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** TLS of the gRPC and the HTTP server: {@code rootstock.tls}. */
@ApplicationScoped
@Startup // an invalid file stops the start
public class ServerTls {
    private static final TlsFiles.Names NAMES = new TlsFiles.Names(
            "rootstock.tls.certificate-file", "rootstock.tls.key-file", "rootstock.tls.client-authority-file");

    private final TlsSettings.Server settings;
    private final Optional<ReloadedTls> certificates;

    @Inject
    ServerTls(TlsSettings common, TlsReports reports) {
        settings = common.tls();
        TlsFiles files = files(settings);
        certificates = files.certificate().map(file -> reports.load("server", files, settings.reloadPeriod()));
    }

    /** Certificates of the servers; empty: no TLS. */
    public Optional<ReloadedTls> certificates() {
        return certificates;
    }

    /** Whether clients present certificates. */
    public ClientAuthentication clientAuthentication() {
        return settings.clientAuthentication();
    }

    /**
     * Whether a client may call. A certificate without a name is as none.
     *
     * @param names all names of its certificate; empty: none
     */
    public boolean allows(List<String> names) {
        boolean anonymous = names.isEmpty() && settings.clientAuthentication() != ClientAuthentication.REQUIRED;
        return anonymous
                || settings.allowedPeers()
                        .map(allowed -> !Collections.disjoint(allowed, names))
                        .orElse(true);
    }

    private static TlsFiles files(TlsSettings.Server settings) {
        boolean authenticates = settings.clientAuthentication() != ClientAuthentication.NONE;
        if (authenticates != settings.clientAuthorityFile().isPresent()) {
            throw new IllegalStateException(
                    authenticates
                            ? "rootstock.tls.client-authentication needs rootstock.tls.client-authority-file"
                            : "rootstock.tls.client-authority-file has no effect; set"
                                    + " rootstock.tls.client-authentication=required or optional");
        }
        if (authenticates && settings.certificateFile().isEmpty()) {
            throw new IllegalStateException("rootstock.tls.client-authentication needs rootstock.tls.certificate-file");
        }
        if (settings.allowedPeers().isPresent() && !authenticates) {
            throw new IllegalStateException(
                    "rootstock.tls.allowed-peers has no effect; set" + " rootstock.tls.client-authentication=required");
        }
        try {
            return new TlsFiles(NAMES, settings.certificateFile(), settings.keyFile(), settings.clientAuthorityFile());
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    @PreDestroy
    void close() {
        certificates.ifPresent(ReloadedTls::close);
    }
}
