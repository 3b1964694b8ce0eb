package io.rootstock.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The settings that every service has; {@code ROOTSTOCK_HOME} and the like set them from the environment. */
@ConfigMapping(prefix = "rootstock")
public interface CommonSettings {
    /** Where everything lies that the services keep. */
    @WithDefault("${user.home}/.rootstock")
    Path home();

    /** The shared artifact store. */
    Artifacts artifacts();

    /** Who may call. */
    Auth auth();

    /** How this service calls others. */
    Client client();

    /** The shared artifact store. */
    interface Artifacts {
        /** Its directory; all services of an installation see the same one. */
        @WithDefault("${rootstock.home}/artifacts")
        Path directory();
    }

    /** Who may call. */
    interface Auth {
        /** A file with the token that every call must carry and that this service's own calls carry; none: no check. */
        Optional<Path> tokenFile();
    }

    /** How this service calls others. */
    interface Client {
        /** Whether calls to other services are encrypted. */
        @WithDefault("false")
        boolean tls();

        /** The certificate authorities to trust (PEM) when they are; the platform's own if not set. */
        Optional<Path> trustFile();
    }
}
