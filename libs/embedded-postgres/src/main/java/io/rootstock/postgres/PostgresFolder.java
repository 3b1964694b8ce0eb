package io.rootstock.postgres;

import io.rootstock.files.FileTree;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * The folder of an embedded server: {@code data} (PostgreSQL's data directory), {@code password} (mode 600),
 * {@code server.log}, and {@code registry.lock}, which excludes a second registry process.
 *
 * <p>Invariants: {@code data} is either absent or complete, because initdb works in {@code data.partial} and the rename
 * is atomic; only binaries of the same PostgreSQL major version open it.
 */
final class PostgresFolder implements AutoCloseable {
    static final String USER = "rootstock";

    private static final Duration INITIALIZE_LIMIT = Duration.ofMinutes(2);
    private static final long MAX_LOG = 16 << 20;

    private final Path directory;
    private final FileChannel lockChannel;

    private PostgresFolder(Path directory, FileChannel lockChannel) {
        this.directory = directory;
        this.lockChannel = lockChannel;
    }

    /** Creates the folder if it is missing, sets its permissions to 700 and locks it for this process. */
    static PostgresFolder open(Path directory) {
        try {
            Files.createDirectories(directory);
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
            FileChannel channel = FileChannel.open(
                    directory.resolve("registry.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                throw new PostgresException("another registry service already uses " + directory
                        + ". Stop it, or give this one another rootstock.home.");
            }
            // The real path, to compare it with a running server's command line and working directory.
            return new PostgresFolder(directory.toRealPath(), channel);
        } catch (IOException e) {
            throw new PostgresException("cannot open " + directory + ": " + e.getMessage(), e);
        }
    }

    Path directory() {
        return directory;
    }

    Path data() {
        return directory.resolve("data");
    }

    Path log() {
        return directory.resolve("server.log");
    }

    /** Returns the server's password, which is generated on first use. */
    String password() {
        Path file = directory.resolve("password");
        try {
            if (!Files.exists(file)) {
                if (Files.exists(data())) {
                    throw new PostgresException(file + " is missing, and without it the database in " + data()
                            + " cannot be opened. Put it back from a backup.");
                }
                writePassword(file);
            }
            return Files.readString(file, StandardCharsets.US_ASCII).strip();
        } catch (IOException e) {
            throw new PostgresException("cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    /** Initializes the data directory if it is missing; an existing one must have the binaries' major version. */
    void prepare(PostgresBinaries binaries, ServerAccount account) {
        try {
            if (Files.exists(data())) {
                requireVersion(binaries.majorVersion());
            } else {
                initialize(binaries, account);
            }
            if (Files.exists(log()) && Files.size(log()) > MAX_LOG) {
                Files.move(log(), directory.resolve("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new PostgresException("cannot prepare " + directory + ": " + e.getMessage(), e);
        }
    }

    /** Releases the folder's lock. */
    @Override
    public void close() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new PostgresException("cannot release the lock of " + directory, e);
        }
    }

    private void initialize(PostgresBinaries binaries, ServerAccount account) throws IOException {
        Path partial = directory.resolve("data.partial");
        FileTree.delete(partial);
        password();
        account.own(directory);
        Commands.require(
                account.command(List.of(
                        binaries.program("initdb"),
                        "--pgdata=" + partial,
                        "--username=" + USER,
                        "--pwfile=" + directory.resolve("password"),
                        "--auth=scram-sha-256",
                        // More iterations slow down who guesses a password; 24 random bytes cannot be guessed, and
                        // every
                        // connection would pay for them.
                        "--set=scram_iterations=1",
                        "--encoding=UTF8",
                        "--no-locale",
                        "--data-checksums")),
                INITIALIZE_LIMIT);
        Files.move(partial, data(), StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireVersion(int expected) throws IOException {
        Path file = data().resolve("PG_VERSION");
        if (!Files.exists(file)) {
            throw new PostgresException(data() + " is not a PostgreSQL data folder: it has no PG_VERSION."
                    + " Move it away, or give the registry another rootstock.home.");
        }
        String found = Files.readString(file, StandardCharsets.US_ASCII).strip();
        if (!found.equals(Integer.toString(expected))) {
            throw new PostgresException("the database in " + data() + " was written by PostgreSQL " + found
                    + ", and this registry runs PostgreSQL " + expected + ", which cannot read it. Nothing was changed."
                    + " Either start the Rootstock release that wrote it, dump the database with pg_dump " + found
                    + " and restore the dump into an empty folder of this release;"
                    + " or run a PostgreSQL " + found + " server on it and name that server with"
                    + " rootstock.registry.database-url.");
        }
    }

    private static void writePassword(Path file) throws IOException {
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        Path partial = file.resolveSibling("password.partial");
        Files.deleteIfExists(partial);
        Files.createFile(partial, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            channel.write(StandardCharsets.US_ASCII.encode(HexFormat.of().formatHex(random)));
            channel.force(true);
        }
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static boolean locked(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException heldByThisProcess) {
            return false;
        }
    }
}
