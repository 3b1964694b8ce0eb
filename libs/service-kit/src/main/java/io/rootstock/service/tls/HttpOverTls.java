package io.rootstock.service.tls;

import io.smallrye.config.ConfigSourceContext;
import io.smallrye.config.ConfigSourceFactory;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.PropertiesConfigSource;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.config.spi.ConfigSource;

/** Turns HTTP without TLS off where {@code rootstock.tls.certificate-file} is set. */
public final class HttpOverTls implements ConfigSourceFactory {
    /** Above all files, below the environment. */
    private static final int ORDINAL = 290;

    @Override
    public Iterable<ConfigSource> getConfigSources(ConfigSourceContext context) {
        ConfigValue certificate = context.getValue("rootstock.tls.certificate-file");
        boolean encrypted = certificate != null
                && certificate.getValue() != null
                && !certificate.getValue().isBlank();
        return encrypted
                ? List.of(new PropertiesConfigSource(
                        Map.of("quarkus.http.insecure-requests", "disabled"), "rootstock.tls", ORDINAL))
                : List.of();
    }
}
