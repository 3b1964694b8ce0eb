package io.rootstock.registry.config;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;
import java.util.Optional;

/** The registry's own settings; those of every service are in the service kit. */
@ConfigMapping(prefix = "rootstock")
public interface RegistrySettings {
    /** The database. */
    Registry registry();

    /** Who resolves datasets. */
    Tokenizer tokenizer();

    /** Who trains. */
    Trainer trainer();

    /** The database. */
    interface Registry {
        /**
         * JDBC address of an external PostgreSQL server, such as {@code jdbc:postgresql://db:5432/rootstock}. Not set:
         * an embedded server in {@code rootstock.home}.
         */
        Optional<String> databaseUrl();

        /** User at the external server. */
        Optional<String> databaseUser();

        /** File that holds the user's password. */
        Optional<Path> databasePasswordFile();
    }

    /** Who resolves datasets. */
    interface Tokenizer {
        /** Its host:port. */
        @WithDefault("127.0.0.1:7401")
        String endpoint();
    }

    /** Who trains. */
    interface Trainer {
        /** Its host:port. */
        @WithDefault("127.0.0.1:7402")
        String endpoint();
    }
}
