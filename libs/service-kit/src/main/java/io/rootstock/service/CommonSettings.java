package io.rootstock.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of every service. Environment variables set them, such as {@code ROOTSTOCK_HOME}. */
@ConfigMapping(prefix = "rootstock")
public interface CommonSettings {
    /** Data directory of all services on the machine. */
    @WithDefault("${user.home}/.rootstock")
    Path home();

    /** The shared artifact store. */
    Artifacts artifacts();

    /** Authentication of calls. */
    Auth auth();

    /** Calls to other services. */
    Client client();

    /** The shared artifact store. */
    interface Artifacts {
        /** Directory of the artifact store; all services of an installation share it. */
        @WithDefault("${rootstock.home}/artifacts")
        Path directory();
    }

    /** Authentication of calls. */
    interface Auth {
        /** File with the bearer token that incoming calls must have and outgoing calls send. Not set: no authentication. */
        Optional<Path> tokenFile();
    }

    /** Calls to other services. */
    interface Client {
        /** Use TLS for calls to other services. */
        @WithDefault("false")
        boolean tls();

        /** PEM file with the trusted certificate authorities for TLS. Not set: those of the JDK. */
        Optional<Path> trustFile();
    }
}
