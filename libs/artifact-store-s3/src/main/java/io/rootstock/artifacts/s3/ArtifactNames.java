package io.rootstock.artifacts.s3;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.UnreadableArtifactException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The names of a store. Each change of a name is one conditional write; a random value in each name makes its version
 * unique, so that a write after any other change fails and is repeated on the new state.
 */
final class ArtifactNames {
    private static final String FOLDER = "names/";
    private static final String REMOVED = "";
    private static final int ATTEMPTS = 50;
    /** Servers state times in whole seconds. */
    private static final Duration RESOLUTION = Duration.ofSeconds(1);

    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final S3Bucket bucket;

    ArtifactNames(S3Bucket bucket) {
        this.bucket = bucket;
    }

    /**
     * Content of a name.
     *
     * @param object last component of the key of the object that holds the bytes
     * @param bytes length of the object
     * @param etag version of the name
     * @param renewed time of the name's last change, rounded up to whole seconds
     */
    record Name(String object, long bytes, String etag, Instant renewed) {}

    /** Returns an artifact's name; empty if the store does not have the artifact. */
    Optional<Name> find(Digest digest) {
        return bucket.find(FOLDER + digest.hex()).flatMap(small -> parse(digest, small));
    }

    /** Makes an object the artifact. */
    void set(Digest digest, String object, long bytes) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<String> version = bucket.find(FOLDER + digest.hex()).map(S3Bucket.Small::etag);
            if (bucket.replace(FOLDER + digest.hex(), format(object, bytes), version)) {
                return;
            }
        }
        throw contended(digest);
    }

    /** Sets the time of an artifact to now; returns false if the store does not have the artifact. */
    boolean renew(Digest digest) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            Optional<Name> name = find(digest);
            if (name.isEmpty()) {
                return false;
            }
            if (bucket.replace(
                    FOLDER + digest.hex(),
                    format(name.get().object(), name.get().bytes()),
                    Optional.of(name.get().etag()))) {
                return true;
            }
        }
        throw contended(digest);
    }

    /** Removes a name that was last changed before {@code limit}, and returns what it was; empty if it was not removed. */
    Optional<Name> removeIfOlder(Digest digest, Instant limit) {
        return find(digest)
                .filter(name -> name.renewed().isBefore(limit))
                .filter(name -> bucket.replace(FOLDER + digest.hex(), REMOVED, Optional.of(name.etag())));
    }

    /** Calls {@code each} with every artifact and the time of its last change. */
    void list(Listed each) {
        bucket.list(FOLDER, (key, object) -> {
            if (object.size() > 1) {
                Digest.find("sha256:" + key)
                        .ifPresent(digest ->
                                each.accept(digest, object.lastModified().plus(RESOLUTION)));
            }
        });
    }

    /** Receives an artifact of a listing. */
    @FunctionalInterface
    interface Listed {
        void accept(Digest digest, Instant renewed);
    }

    private static String format(String object, long bytes) {
        return JSON.createObjectNode()
                .put("object", object)
                .put("bytes", bytes)
                .put("change", UUID.randomUUID().toString())
                .toString();
    }

    private Optional<Name> parse(Digest digest, S3Bucket.Small small) {
        if (small.text().isEmpty()) {
            return Optional.empty();
        }
        try {
            JsonNode root = JSON.readTree(small.text());
            if (root.path("object").isTextual() && root.path("bytes").isIntegralNumber()) {
                return Optional.of(new Name(
                        root.path("object").textValue(),
                        root.path("bytes").longValue(),
                        small.etag(),
                        small.changed().plus(RESOLUTION)));
            }
        } catch (JacksonException e) {
            throw invalid(digest, e);
        }
        throw invalid(digest, null);
    }

    private ArtifactException invalid(Digest digest, Throwable cause) {
        return new ArtifactException(
                "artifact store " + bucket.location() + ": " + FOLDER + digest.hex() + " is not a name", cause);
    }

    private ArtifactException contended(Digest digest) {
        return new UnreadableArtifactException(
                "artifact store " + bucket.location() + ": the name of " + digest + " changed " + ATTEMPTS
                        + " times during one write",
                null);
    }
}
