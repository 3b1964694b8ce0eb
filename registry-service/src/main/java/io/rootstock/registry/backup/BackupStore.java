package io.rootstock.registry.backup;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.Digest;
import io.rootstock.service.Errors;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Backups in an artifact store of their own, which share their artifacts. A backup is complete when the document
 * {@code backup-TIME} exists; it holds the digest of the manifest.
 */
public final class BackupStore implements AutoCloseable {
    /** Directory below the home for local copies of remote backups. */
    public static final String CACHE = "registry/backup-cache";

    private static final String TO = "to";
    private static final String FROM = "from";
    private static final String PREFIX = "backup-";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss.SSS'z'").withZone(ZoneOffset.UTC);

    private final String location;
    private final ArtifactStore store;

    private BackupStore(String location, ArtifactStore store) {
        this.location = location;
        this.store = store;
    }

    /**
     * Opens a location for writing; a missing directory is created for this user only.
     *
     * @param location absolute path of a directory, or the address of an artifact store such as s3://bucket/prefix
     * @param own artifacts of the installation, which must lie elsewhere
     * @param cache directory for local copies of a remote store
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming {@code to}
     */
    public static BackupStore create(String location, ArtifactLocation own, Path cache) {
        if (isInside(location, own)) {
            throw Errors.invalidArgument(
                    TO, location + " is the installation's artifact store; name another directory or bucket");
        }
        if (!isAddress(location)) {
            try {
                Path directory = directory(location, TO);
                if (!Files.exists(directory)) {
                    Files.createDirectories(directory.getParent());
                    Files.createDirectory(
                            directory,
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                }
            } catch (IOException e) {
                throw Errors.invalidArgument(TO, "cannot create " + location + ": " + e);
            }
        }
        return open(location, TO, cache);
    }

    /** Opens a location for reading; INVALID_ARGUMENT naming {@code from} if it cannot be opened. */
    public static BackupStore read(String location, Path cache) {
        if (!isAddress(location) && !Files.isDirectory(directory(location, FROM))) {
            throw Errors.invalidArgument(FROM, location + " is not a directory on the registry's machine");
        }
        return open(location, FROM, cache);
    }

    /** The store of the rows and artifacts. */
    ArtifactStore artifacts() {
        return store;
    }

    /** Stores bytes as an artifact. */
    Digest put(byte[] bytes) {
        try (ArtifactWriter writer = store.create()) {
            writer.write(bytes);
            return writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + location, e);
        }
    }

    /** Stores a list of artifacts with their lengths in bytes. */
    Digest putList(SortedMap<Digest, Long> artifacts) {
        try (ArtifactWriter writer = store.create()) {
            Writer text = new BufferedWriter(new OutputStreamWriter(writer, StandardCharsets.US_ASCII));
            for (Map.Entry<Digest, Long> artifact : artifacts.entrySet()) {
                text.write(artifact.getKey() + " " + artifact.getValue() + "\n");
            }
            text.flush();
            return writer.commit();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + location, e);
        }
    }

    /** Reads the list of the artifacts of a backup. */
    SortedMap<Digest, Long> list(BackupManifest manifest) {
        SortedMap<Digest, Long> artifacts = new TreeMap<>(Comparator.comparing(Digest::value));
        try (BufferedReader lines = Files.newBufferedReader(store.verified(Digest.parse(manifest.artifacts())))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                int space = line.indexOf(' ');
                artifacts.put(Digest.parse(line.substring(0, space)), Long.parseLong(line.substring(space + 1)));
            }
            return artifacts;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the list of artifacts in " + location, e);
        }
    }

    /** Lengths of artifacts of this store, in bytes; 0 of a missing one. */
    SortedMap<Digest, Long> sizes(Collection<Digest> artifacts) {
        SortedMap<Digest, Long> sizes = new TreeMap<>(Comparator.comparing(Digest::value));
        artifacts.forEach(digest -> sizes.put(digest, store.contains(digest) ? store.size(digest) : 0));
        return sizes;
    }

    /** Completes a backup, after everything that it names is in the store, and returns its name. */
    String complete(BackupManifest manifest) {
        String name = PREFIX + TIME.format(Instant.parse(manifest.time()));
        store.putDocument(name, put(manifest.toJson()).value());
        return name;
    }

    /** Names of the complete backups, the oldest first. */
    public List<String> names() {
        return store.documents().stream()
                .filter(each -> each.startsWith(PREFIX))
                .toList();
    }

    /** A complete backup. */
    record Named(String name, BackupManifest manifest) {}

    /**
     * Finds a backup.
     *
     * @param name name of the backup; empty: the newest
     * @throws io.grpc.StatusRuntimeException NOT_FOUND if there is none, DATA_LOSS if its manifest is damaged
     */
    Named find(String name) {
        List<String> names = requireBackup(name);
        String chosen = name.isEmpty() ? names.getLast() : name;
        try {
            Optional<Digest> digest = store.document(chosen).map(String::strip).flatMap(Digest::find);
            return new Named(
                    chosen,
                    BackupManifest.parse(store.readAll(
                            digest.orElseThrow(() -> new IllegalArgumentException("it is not a digest")))));
        } catch (ArtifactException | IllegalArgumentException e) {
            throw Errors.dataLoss("BACKUP_DAMAGED", chosen + " in " + location + ": " + e.getMessage());
        }
    }

    /**
     * Requires that the location has a backup, and returns the names of all.
     *
     * @param name name of the backup; empty: any
     * @throws io.grpc.StatusRuntimeException NOT_FOUND
     */
    List<String> requireBackup(String name) {
        List<String> names = names();
        if (names.isEmpty()) {
            throw Errors.notFound(
                    "a complete backup in " + location, "make one with `rootstock admin backup --to " + location + "`");
        }
        if (!name.isEmpty() && !names.contains(name)) {
            throw Errors.notFound(
                    "the backup " + name + " in " + location,
                    "the newest are " + String.join(", ", names.reversed().subList(0, Math.min(5, names.size()))));
        }
        return names;
    }

    /**
     * Artifacts of a backup: its manifest, the rows of the database, the list of artifacts and those in it.
     *
     * @throws io.grpc.StatusRuntimeException DATA_LOSS if the manifest or the list is damaged
     */
    Set<Digest> contents(String name) {
        BackupManifest manifest = find(name).manifest();
        try {
            Set<Digest> contents = new HashSet<>(list(manifest).keySet());
            contents.addAll(manifest.parts());
            contents.add(Digest.parse(store.document(name).orElseThrow().strip()));
            return contents;
        } catch (ArtifactException | UncheckedIOException e) {
            throw Errors.dataLoss("BACKUP_DAMAGED", name + " in " + location + ": " + e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        if (store instanceof AutoCloseable remote) {
            try {
                remote.close();
            } catch (Exception e) {
                throw new IOException("cannot close " + location, e);
            }
        }
    }

    private static boolean isInside(String location, ArtifactLocation own) {
        if (isAddress(location)) {
            return own.address()
                    .filter(address -> withoutParameters(address.toString()).equals(withoutParameters(location)))
                    .isPresent();
        }
        return own.address().isEmpty() && directory(location, TO).startsWith(own.directory());
    }

    private static String withoutParameters(String address) {
        return address.replaceAll("/*(\\?.*)?$", "");
    }

    private static boolean isAddress(String location) {
        return location.contains("://");
    }

    private static BackupStore open(String location, String field, Path cache) {
        try {
            ArtifactLocation where = isAddress(location)
                    ? new ArtifactLocation(cache, Optional.of(URI.create(location)))
                    : new ArtifactLocation(directory(location, field), Optional.empty());
            return new BackupStore(location, where.open());
        } catch (IllegalArgumentException | ArtifactException e) {
            throw Errors.invalidArgument(field, location + " cannot be opened: " + e.getMessage());
        }
    }

    private static Path directory(String location, String field) {
        if (!location.startsWith("/")) {
            throw Errors.invalidArgument(
                    field, "must be an absolute path or s3://BUCKET/PREFIX, was '" + location + "'");
        }
        return Path.of(location).normalize();
    }
}
