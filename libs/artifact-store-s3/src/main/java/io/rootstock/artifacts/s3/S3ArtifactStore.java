package io.rootstock.artifacts.s3;

import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.ArtifactWriter;
import io.rootstock.artifacts.CorruptArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.FetchProgress;
import io.rootstock.artifacts.NoSuchArtifactException;
import io.rootstock.artifacts.Reachability;
import io.rootstock.artifacts.StoredArtifact;
import io.rootstock.artifacts.UnreadableArtifactException;
import io.rootstock.files.FileTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.MultipartUpload;

/**
 * Artifacts in an S3 bucket, with verified local copies for readers of files. Any number of stores in any number of
 * processes can use the same bucket.
 */
public final class S3ArtifactStore implements ArtifactStore, AutoCloseable {
    private static final Duration ABANDONED_AFTER = Duration.ofDays(1);
    /** An upload can disappear if it is removed as abandoned while it is resumed. */
    private static final int PUT_ATTEMPTS = 3;

    private static final String DOCUMENTS = "documents/";

    private final S3Bucket bucket;
    private final ArtifactNames names;
    private final Path temporary;
    private final ArtifactCache cache;

    /**
     * Opens a store.
     *
     * @param cache directory for local copies and for artifacts that are being written
     */
    S3ArtifactStore(S3Location location, Path cache) {
        this.bucket = new S3Bucket(location);
        this.names = new ArtifactNames(bucket);
        this.temporary = cache.resolve("temporary");
        try {
            bucket.requireUsable();
            Files.createDirectories(temporary);
            deleteTemporary(Instant.now().minus(ABANDONED_AFTER));
        } catch (IOException e) {
            bucket.close();
            throw new ArtifactException("cannot use " + cache + " for copies of artifacts: " + e, e);
        } catch (ArtifactException e) {
            bucket.close();
            throw e;
        }
        this.cache = new ArtifactCache(
                cache.resolve("copies"),
                this,
                location.cacheBytes(),
                "the parameter cache-gib of the address (rootstock.artifacts.url)");
    }

    @Override
    public Digest putFile(Path file) {
        try {
            FileSums sums = FileSums.of(file, bucket.location().partBytes());
            Digest digest = sums.digest();
            for (int attempt = 1; ; attempt++) {
                try {
                    if (put(file, sums)) {
                        return digest;
                    }
                } catch (UnreadableArtifactException e) {
                    throw e;
                } catch (ArtifactException e) {
                    if (attempt == PUT_ATTEMPTS) {
                        throw e;
                    }
                }
            }
        } catch (NoSuchFileException e) {
            throw new ArtifactException("cannot store " + file + ": file not found", e);
        } catch (IOException e) {
            throw new ArtifactException("cannot store " + file + " in " + bucket.location() + ": " + e, e);
        }
    }

    @Override
    public ArtifactWriter create() {
        try {
            return new S3ArtifactWriter(
                    this, temporary.resolve(UUID.randomUUID().toString()));
        } catch (IOException e) {
            throw new ArtifactException("cannot write to " + temporary + ": " + e, e);
        }
    }

    @Override
    public boolean contains(Digest digest) {
        return names.find(digest).isPresent();
    }

    @Override
    public long size(Digest digest) {
        return require(digest).bytes();
    }

    @Override
    public long length(Digest digest) {
        return size(digest);
    }

    @Override
    public InputStream open(Digest digest, long offset) {
        ArtifactNames.Name name = require(digest);
        return new ObjectStream(bucket, digest, ObjectUpload.folder(digest) + name.object(), offset, name.bytes());
    }

    @Override
    public Path verified(Digest digest) {
        require(digest);
        return cache.fetch(digest, FetchProgress.PATIENT);
    }

    @Override
    public byte[] readAll(Digest digest) {
        ArtifactNames.Name name = require(digest);
        if (name.bytes() > READ_ALL_LIMIT_BYTES) {
            throw new ArtifactException("artifact " + digest + " is too large to be read at once: " + name.bytes()
                    + " bytes, at most " + READ_ALL_LIMIT_BYTES);
        }
        try (InputStream in = open(digest, 0)) {
            byte[] bytes = in.readAllBytes();
            Digest actual = Digest.of(bytes);
            if (!actual.equals(digest)) {
                throw new CorruptArtifactException(
                        digest, Path.of(bucket.location().bucket()), "hashes to " + actual);
            }
            return bytes;
        } catch (IOException e) {
            throw new UnreadableArtifactException("cannot read artifact " + digest + ": " + e, e);
        }
    }

    @Override
    public void renew(Digest digest) {
        if (!names.renew(digest)) {
            throw missing(digest);
        }
        Reachability reachable = new Reachability(this);
        reachable.add(List.of(digest));
        reachable.digests().forEach(names::renew);
    }

    @Override
    public void list(Consumer<StoredArtifact> each) {
        Map<String, Long> bytes = new HashMap<>();
        bucket.list(ObjectUpload.FOLDER, (key, object) -> bytes.put(hex(key), object.size()));
        names.list((digest, renewed) ->
                each.accept(new StoredArtifact(digest, bytes.getOrDefault(digest.hex(), 0L), renewed)));
    }

    @Override
    public OptionalLong removeIfOlder(Digest digest, Instant limit) {
        Optional<ArtifactNames.Name> removed = names.removeIfOlder(digest, limit);
        removed.ifPresent(name -> bucket.delete(ObjectUpload.folder(digest) + name.object()));
        return removed.map(name -> OptionalLong.of(name.bytes())).orElse(OptionalLong.empty());
    }

    @Override
    public long removeAbandoned(Instant limit) {
        try {
            return deleteTemporary(limit) + abortUploads(limit) + deleteUnnamed(limit);
        } catch (IOException e) {
            throw new ArtifactException("cannot remove abandoned files in " + temporary + ": " + e, e);
        }
    }

    @Override
    public List<String> documents() {
        List<String> found = new ArrayList<>();
        bucket.list(DOCUMENTS, (key, _) -> found.add(key));
        return found.stream().sorted().toList();
    }

    @Override
    public Optional<String> document(String name) {
        ArtifactStore.requireDocument(name, "");
        return bucket.find(DOCUMENTS + name).map(S3Bucket.Small::text);
    }

    @Override
    public void putDocument(String name, String text) {
        ArtifactStore.requireDocument(name, text);
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        bucket.write(
                DOCUMENTS + name,
                RequestBody.fromBytes(bytes),
                Base64.getEncoder().encodeToString(Digest.sha256().digest(bytes)));
    }

    @Override
    public void removeDocument(String name) {
        ArtifactStore.requireDocument(name, "");
        bucket.delete(DOCUMENTS + name);
    }

    @Override
    public void close() {
        bucket.close();
    }

    /** Stores a file; returns false if it was removed at the same time, as the rest of an abandoned upload. */
    private boolean put(Path file, FileSums sums) throws IOException {
        Digest digest = sums.digest();
        Optional<ArtifactNames.Name> present = names.find(digest);
        if (present.isPresent() && exists(digest, present.get().object(), sums.bytes()) && names.renew(digest)) {
            return true;
        }
        String object = new ObjectUpload(bucket, file, sums).send();
        names.set(digest, object, sums.bytes());
        return exists(digest, object, sums.bytes());
    }

    private boolean exists(Digest digest, String object, long bytes) {
        return bucket.length(ObjectUpload.folder(digest) + object).equals(OptionalLong.of(bytes));
    }

    private long deleteTemporary(Instant limit) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
                if (Files.getLastModifiedTime(file).toInstant().isBefore(limit)) {
                    bytes += Files.size(file);
                    FileTree.delete(file);
                }
            }
        }
        return bytes;
    }

    private long abortUploads(Instant limit) {
        long[] bytes = {0};
        bucket.listUploads(ObjectUpload.FOLDER, upload -> {
            if (upload.initiated() != null && upload.initiated().isBefore(limit)) {
                bytes[0] += sentBytes(upload);
                bucket.abortUpload(bucket.keyOf(upload), upload.uploadId());
            }
        });
        return bytes[0];
    }

    private long sentBytes(MultipartUpload upload) {
        return bucket.parts(bucket.keyOf(upload), upload.uploadId()).stream()
                .flatMap(List::stream)
                .mapToLong(part -> part.size())
                .sum();
    }

    /** Deletes the objects that no name points to: of writers that stopped before they set the name, and of removals. */
    private long deleteUnnamed(Instant limit) {
        Set<String> named = new HashSet<>();
        names.list((digest, _) -> named.add(digest.hex()));
        Map<String, List<String>> objects = new HashMap<>();
        Map<String, Long> old = new HashMap<>();
        bucket.list(ObjectUpload.FOLDER, (key, object) -> {
            objects.computeIfAbsent(hex(key), _ -> new ArrayList<>()).add(key);
            if (object.lastModified().isBefore(limit)) {
                old.put(key, object.size());
            }
        });
        long bytes = 0;
        for (Map.Entry<String, Long> object : old.entrySet()) {
            String key = object.getKey();
            // The only object of an artifact is the one that its name points to.
            boolean only = named.contains(hex(key)) && objects.get(hex(key)).size() == 1;
            if (!only && !isNamed(key)) {
                bucket.delete(ObjectUpload.FOLDER + key);
                bytes += object.getValue();
            }
        }
        return bytes;
    }

    private static String hex(String key) {
        return key.replaceAll("/.*", "");
    }

    private boolean isNamed(String key) {
        return Digest.find("sha256:" + hex(key))
                .flatMap(names::find)
                .filter(name -> key.endsWith("/" + name.object()))
                .isPresent();
    }

    private ArtifactNames.Name require(Digest digest) {
        return names.find(digest).orElseThrow(() -> missing(digest));
    }

    private NoSuchArtifactException missing(Digest digest) {
        return new NoSuchArtifactException(digest, bucket.location().toString());
    }
}
