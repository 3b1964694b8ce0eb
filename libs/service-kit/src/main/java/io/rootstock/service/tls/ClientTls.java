package io.rootstock.service.tls;

import io.quarkus.runtime.Startup;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.TlsFiles;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/** TLS of calls to other services: {@code rootstock.client}. */
@ApplicationScoped
@Startup // an invalid file stops the start
public class ClientTls {
    private static final TlsFiles.Names NAMES = new TlsFiles.Names(
            "rootstock.client.certificate-file", "rootstock.client.key-file", "rootstock.client.trust-file");

    private final Optional<ReloadedTls> certificates;

    @Inject
    ClientTls(TlsSettings settings, TlsReports reports) {
        TlsSettings.Client client = settings.client();
        if (!client.tls()
                && (client.certificateFile().isPresent() || client.keyFile().isPresent())) {
            throw new IllegalStateException(
                    "rootstock.client.certificate-file and rootstock.client.key-file have no effect"
                            + " without TLS; set rootstock.client.tls=true");
        }
        certificates = client.tls()
                ? Optional.of(
                        reports.load("client", files(client), settings.tls().reloadPeriod()))
                : Optional.empty();
    }

    /** Certificates of outgoing calls; empty: no TLS. */
    public Optional<ReloadedTls> certificates() {
        return certificates;
    }

    private static TlsFiles files(TlsSettings.Client client) {
        return new TlsFiles(NAMES, client.certificateFile(), client.keyFile(), client.trustFile());
    }

    @PreDestroy
    void close() {
        certificates.ifPresent(ReloadedTls::close);
    }
}
