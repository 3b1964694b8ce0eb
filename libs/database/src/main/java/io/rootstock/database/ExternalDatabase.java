package io.rootstock.database;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.postgresql.ds.PGSimpleDataSource;

/** The settings of an external PostgreSQL server, {@code rootstock.registry.database-...}. */
public final class ExternalDatabase {
    private ExternalDatabase() {}

    /**
     * Returns the data source of unpooled connections, without connecting.
     *
     * @param url JDBC URL
     * @param passwordFile file with the user's password
     * @throws DatabaseStartException if the URL is malformed or the file cannot be read
     */
    public static PGSimpleDataSource dataSource(String url, Optional<String> user, Optional<Path> passwordFile) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        try {
            source.setUrl(url);
        } catch (IllegalArgumentException e) {
            throw new DatabaseStartException(
                    "rootstock.registry.database-url must be like jdbc:postgresql://host:5432/database, was " + url, e);
        }
        user.ifPresent(source::setUser);
        passwordFile.ifPresent(file -> source.setPassword(password(file)));
        return source;
    }

    private static String password(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            throw new DatabaseStartException(
                    "cannot read the password in " + file + " (rootstock.registry.database-password-file)", e);
        }
    }
}
