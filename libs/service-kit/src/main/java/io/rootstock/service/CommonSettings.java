package io.rootstock.service;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
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

    /**
     * Confinement of the processes that open files of outside origin (Landlock, seccomp): {@code required}: they do not
     * start unless the kernel offers both; {@code available}: what it offers; {@code off}: none.
     */
    @WithDefault("available")
    String sandbox();

    /** The shared artifact store. */
    interface Artifacts {
        /**
         * Directory of the artifact store, which all services of an installation share; with {@code rootstock.artifacts.url},
         * the directory of a service's local copies.
         */
        @WithDefault("${rootstock.home}/artifacts")
        Path directory();

        /**
         * Artifact store in S3, {@code s3://BUCKET/PREFIX?endpoint=URL&region=REGION}, with the credentials of the
         * environment. Further parameters: {@code encryption} (AES256, aws:kms), {@code key}, {@code part-mib},
         * {@code cache-gib}. Not set: the directory.
         */
        Optional<URI> url();
    }

    /** Authentication of calls. */
    interface Auth {
        /**
         * File with the token of the installation, with which services call each other; its holders may do everything.
         * Callers need it or an access token of the registry. Further lines are tokens that are accepted too, to replace the
         * token. Not set: no authentication, on loopback only.
         */
        Optional<Path> tokenFile();

        /** Registry that knows the access tokens of callers, {@code host:port}. Not set: the installation's token only. */
        @WithDefault("${rootstock.registry.endpoint:}")
        Optional<String> registryEndpoint();

        /** Requests per second of a user or service account to one service; twice as many at once. 0: not limited. */
        @WithDefault("200")
        double requestsPerSecond();
    }
}
