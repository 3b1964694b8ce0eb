package io.rootstock.registry.database;

import io.rootstock.database.ExternalDatabase;
import io.rootstock.postgres.EmbeddedPostgres;
import java.nio.file.Path;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL server in use: an embedded one that the service starts and stops, or an external one. */
public sealed interface DatabaseServer extends AutoCloseable {
    /** Returns the data source of unpooled connections to the server. */
    PGSimpleDataSource dataSource();

    @Override
    void close();

    /** Starts or adopts the embedded server of a Rootstock home. */
    static DatabaseServer embedded(Path home) {
        return new Embedded(EmbeddedPostgres.start(EmbeddedPostgres.folder(home), home.resolve("native")));
    }

    /**
     * Returns an external server without connecting to it.
     *
     * @param url JDBC URL
     * @param passwordFile file with the user's password
     */
    static DatabaseServer external(String url, Optional<String> user, Optional<Path> passwordFile) {
        return new External(ExternalDatabase.dataSource(url, user, passwordFile));
    }

    /** An embedded server; closing this stops it. */
    record Embedded(EmbeddedPostgres server) implements DatabaseServer {
        @Override
        public PGSimpleDataSource dataSource() {
            return server.dataSource();
        }

        @Override
        public void close() {
            server.close();
        }
    }

    /** An external server; closing this leaves it running. */
    record External(PGSimpleDataSource dataSource) implements DatabaseServer {
        @Override
        public void close() {
            // The service does not stop an external server.
        }
    }
}
