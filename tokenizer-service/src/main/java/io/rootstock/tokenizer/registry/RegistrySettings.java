package io.rootstock.tokenizer.registry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** Settings of the connection to the registry, and of its database, which the catalogue is in. */
@ConfigMapping(prefix = "rootstock.registry")
public interface RegistrySettings {
    /** Address of the registry service, {@code host:port}. */
    @WithDefault("127.0.0.1:7400")
    String endpoint();

    /**
     * JDBC address of the registry's external PostgreSQL server. Not set: the embedded server that the registry starts in
     * {@code rootstock.home}.
     */
    Optional<String> databaseUrl();

    /** User at the external server. */
    Optional<String> databaseUser();

    /** File that holds the user's password. */
    Optional<Path> databasePasswordFile();
}
