package io.rootstock.tokenizer.catalogue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import io.rootstock.files.AtomicFile;
import io.rootstock.files.Fsync;
import io.rootstock.service.Errors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Resources of one kind as JSON files, {@code <id>.json}, each written to a temporary name, synced and renamed.
 *
 * <p>Every call reads the files, so that the folder is the single source of truth. Safe for several threads.
 *
 * @param <M> resource message of the contract
 */
public final class Catalogue<M extends Message> {
    private static final String ENDING = ".json";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final Path directory;
    private final M prototype;

    /**
     * A resource with the request that created it.
     *
     * @param fingerprint digest of the request, equal for equal requests
     * @param requestId the client's idempotency key, may be empty
     * @param resource resource of the contract
     */
    public record Entry<M>(String fingerprint, String requestId, M resource) {}

    /**
     * @param directory existing folder that only this catalogue uses
     * @param prototype any message of the resource's type
     */
    public Catalogue(Path directory, M prototype) {
        this.directory = directory;
        this.prototype = prototype;
    }

    /** Adds or replaces an entry; it is durable when this method returns. */
    public void put(String id, Entry<M> entry) {
        ObjectNode root = JSON.createObjectNode();
        root.put("fingerprint", entry.fingerprint());
        root.put("requestId", entry.requestId());
        try {
            root.set("resource", JSON.readTree(JsonFormat.printer().print(entry.resource())));
            AtomicFile.write(file(id), root.toPrettyString());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file(id), e);
        }
    }

    /**
     * Returns the entry of an id.
     *
     * @throws io.grpc.StatusRuntimeException DATA_LOSS if its file is damaged
     */
    public Optional<Entry<M>> find(String id) {
        try {
            JsonNode root = JSON.readTree(Files.readAllBytes(file(id)));
            Message.Builder builder = prototype.newBuilderForType();
            JsonFormat.parser()
                    .ignoringUnknownFields()
                    .merge(root.path("resource").toString(), builder);
            return Optional.of(new Entry<>(
                    root.path("fingerprint").asText(), root.path("requestId").asText(), typed(builder.build())));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (JsonProcessingException | InvalidProtocolBufferException e) {
            throw Errors.dataLoss("CATALOGUE_FILE_DAMAGED", file(id) + " is damaged; restore it or remove it");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(id), e);
        }
    }

    /** Sets the time of last use of an entry to now. */
    public void touch(String id) {
        try {
            Files.setLastModifiedTime(file(id), FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            // Removed concurrently.
        } catch (IOException e) {
            throw new UncheckedIOException("cannot touch " + file(id), e);
        }
    }

    /** Returns the time at which an entry was last written or touched; empty if there is none. */
    public Optional<Instant> lastUse(String id) {
        try {
            return Optional.of(Files.getLastModifiedTime(file(id)).toInstant());
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file(id), e);
        }
    }

    /** Removes an entry; durable when this method returns. Without effect if there is none. */
    public void remove(String id) {
        try {
            Files.deleteIfExists(file(id));
            Fsync.directory(directory);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + file(id), e);
        }
    }

    /** Returns all entries' resources in order of their ids. */
    public List<M> resources() {
        return ids().stream()
                .map(this::find)
                .flatMap(Optional::stream)
                .map(Entry::resource)
                .toList();
    }

    /** Returns all ids in order. */
    public List<String> ids() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(path -> path.getFileName().toString())
                    .filter(name -> name.endsWith(ENDING) && !name.startsWith("."))
                    .map(name -> name.substring(0, name.length() - ENDING.length()))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot list " + directory, e);
        }
    }

    private Path file(String id) {
        return directory.resolve(id + ENDING);
    }

    @SuppressWarnings("unchecked") // A builder of the prototype's type builds that type.
    private M typed(Message message) {
        return (M) message;
    }
}
