package io.rootstock.service.tls;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.rootstock.client.tls.ReloadListener;
import io.rootstock.client.tls.ReloadedTls;
import io.rootstock.client.tls.TlsFiles;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import org.jboss.logging.Logger;

/** Loads certificates, and logs and counts their reloads. */
@ApplicationScoped
class TlsReports {
    private static final Logger LOG = Logger.getLogger(TlsReports.class);
    private static final String PREFIX = "rootstock.tls.";

    private final MeterRegistry meters;

    @Inject
    TlsReports(MeterRegistry meters) {
        this.meters = meters;
    }

    /**
     * Loads certificates of one side, server or client.
     *
     * @throws IllegalStateException if a file is invalid; names its setting
     */
    ReloadedTls load(String side, TlsFiles files, Duration period) {
        if (period.isZero() || period.isNegative()) {
            throw new IllegalStateException("rootstock.tls.reload-period must be positive, not " + period);
        }
        try {
            ReloadedTls certificates = new ReloadedTls(files, period, listener(side));
            certificates
                    .expiry()
                    .ifPresent(expiry -> Gauge.builder(
                                    PREFIX + "certificate.expiry", certificates, TlsReports::secondsToExpiry)
                            .description("Time until the certificate in use expires")
                            .baseUnit("seconds")
                            .tag("side", side)
                            .register(meters));
            LOG.infof(
                    "TLS of the %s: certificate %s, authorities %s",
                    side,
                    certificates.expiry().map(expiry -> "until " + expiry).orElse("none"),
                    files.authority().map(Object::toString).orElse("of the JDK"));
            return certificates;
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
    }

    private ReloadListener listener(String side) {
        Counter replaced = reloads(side, "replaced");
        Counter refused = reloads(side, "refused");
        return new ReloadListener() {
            @Override
            public void replaced() {
                LOG.infof("TLS of the %s: new certificates are in use", side);
                replaced.increment();
            }

            @Override
            public void refused(String reason) {
                LOG.errorf(
                        "TLS of the %s: new certificates are invalid, the earlier ones stay in use: %s", side, reason);
                refused.increment();
            }
        };
    }

    private Counter reloads(String side, String outcome) {
        return Counter.builder(PREFIX + "reloads")
                .description("Replacements of certificate files")
                .tag("side", side)
                .tag("outcome", outcome)
                .register(meters);
    }

    private static double secondsToExpiry(ReloadedTls certificates) {
        return certificates
                .expiry()
                .map(expiry -> Duration.between(Instant.now(), expiry).toMillis() / 1e3)
                .orElse(Double.NaN);
    }
}
