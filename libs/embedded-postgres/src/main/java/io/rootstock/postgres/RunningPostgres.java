package io.rootstock.postgres;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.util.OptionalInt;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Connections to the embedded server of another process of the same user. Each connection uses the port and the password
 * that the server's folder has at that time, so that they follow a restart of the server.
 */
public final class RunningPostgres extends PGSimpleDataSource {
    private static final long serialVersionUID = 1;

    private final String directory;

    /** @param directory folder of the server, which need not exist yet */
    public RunningPostgres(Path directory) {
        this.directory = directory.toString();
        setServerNames(new String[] {"127.0.0.1"});
        setDatabaseName("postgres");
        setUser(PostgresFolder.USER);
    }

    /** Opens a connection; fails with SQLSTATE 08001 if no server runs in the folder. */
    @Override
    public Connection getConnection() throws SQLException {
        Path folder = Path.of(directory);
        String password;
        OptionalInt port;
        try {
            password = Files.readString(folder.resolve("password"), StandardCharsets.US_ASCII)
                    .strip();
            port = Postmaster.read(folder.resolve("data")).map(Postmaster::port).orElseGet(OptionalInt::empty);
        } catch (IOException | PostgresException e) {
            throw unavailable(e);
        }
        if (port.isEmpty()) {
            throw unavailable(null);
        }
        PGSimpleDataSource server = new PGSimpleDataSource();
        server.setServerNames(getServerNames());
        server.setDatabaseName(getDatabaseName());
        server.setUser(getUser());
        server.setCurrentSchema(getCurrentSchema());
        server.setOptions(getOptions());
        server.setPortNumbers(new int[] {port.getAsInt()});
        return server.getConnection(getUser(), password);
    }

    private SQLException unavailable(Exception cause) {
        return new SQLNonTransientConnectionException(
                "no PostgreSQL server runs in " + directory + "; start the registry, which starts it", "08001", cause);
    }
}
