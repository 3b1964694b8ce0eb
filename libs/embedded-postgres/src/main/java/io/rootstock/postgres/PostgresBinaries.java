package io.rootstock.postgres;

import io.rootstock.files.FileTree;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/**
 * PostgreSQL's binaries, unpacked once from the archive on the class path. The directory's name contains the archive's
 * digest, so each build of the service uses its own binaries.
 *
 * @param directory the directory with {@code bin}, {@code lib} and {@code share}
 * @param majorVersion PostgreSQL's major version, such as 17
 */
record PostgresBinaries(Path directory, int majorVersion) {
    private static final String ARCHIVE = archive(System.getProperty("os.name"), System.getProperty("os.arch"));
    private static final Pattern VERSION = Pattern.compile("\\(PostgreSQL\\) (\\d+)");

    /** Returns the binaries below {@code parent}; unpacks them if they are missing. */
    static PostgresBinaries unpackedBelow(Path parent) {
        try {
            Files.createDirectories(parent);
            // Absolute, because the programs run in another working directory.
            Path directory = parent.toAbsolutePath()
                    .resolve("postgresql-" + archiveDigest().substring(0, 16));
            if (!Files.isDirectory(directory)) {
                unpackLocked(parent, directory);
            }
            return new PostgresBinaries(directory, majorVersion(directory));
        } catch (IOException e) {
            throw new PostgresException("cannot unpack PostgreSQL below " + parent + ": " + e.getMessage(), e);
        }
    }

    /** Returns the path of a program: initdb, pg_ctl or postgres. */
    String program(String name) {
        return directory.resolve("bin").resolve(name).toString();
    }

    /** Name of a platform's archive in the jars of its binaries. */
    static String archive(String system, String processor) {
        String name = system.toLowerCase(Locale.ROOT).startsWith("mac") ? "darwin" : "linux";
        return "/postgres-" + name + (processor.equals("aarch64") ? "-arm_64" : "-x86_64") + ".txz";
    }

    private static int majorVersion(Path directory) {
        String printed = Commands.require(
                List.of(directory.resolve("bin/postgres").toString(), "--version"), Duration.ofSeconds(30));
        Matcher matcher = VERSION.matcher(printed);
        if (!matcher.find()) {
            throw new PostgresException("cannot read a PostgreSQL version from '" + printed + "'");
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static void unpackLocked(Path parent, Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(
                        parent.resolve("postgresql.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            if (Files.isDirectory(directory)) {
                return;
            }
            Path partial = directory.resolveSibling(directory.getFileName() + ".partial");
            FileTree.delete(partial);
            try (InputStream archive = new BufferedInputStream(open())) {
                unpack(archive, partial);
            }
            Files.move(partial, directory, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    private static void unpack(InputStream archive, Path target) throws IOException {
        try (TarArchiveInputStream tar = new TarArchiveInputStream(new XZCompressorInputStream(archive))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = target.resolve(entry.getName()).normalize();
                if (!path.startsWith(target)) {
                    throw new IOException("the archive names a file outside itself: " + entry.getName());
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                    continue;
                }
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                } else {
                    Files.copy(tar, path);
                    boolean executable = (entry.getMode() & 0100) != 0;
                    Files.setPosixFilePermissions(
                            path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
                }
            }
        }
    }

    private static String archiveDigest() throws IOException {
        try (InputStream archive = open()) {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            byte[] buffer = new byte[1 << 16];
            for (int read = archive.read(buffer); read >= 0; read = archive.read(buffer)) {
                digest.update(buffer, 0, read);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static InputStream open() {
        InputStream archive = PostgresBinaries.class.getResourceAsStream(ARCHIVE);
        if (archive == null) {
            throw new PostgresException("PostgreSQL's binaries for this platform are not on the class path (" + ARCHIVE
                    + "). Name an external server with rootstock.registry.database-url.");
        }
        return archive;
    }
}
