package io.rootstock.artifacts.s3;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.UnreadableArtifactException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Object;

/** The requests of a store to its bucket. Keys are relative to the store's prefix. Thread-safe. */
final class S3Bucket implements AutoCloseable {
    private static final int CONNECTIONS = 64;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;

    private final S3Location location;
    private final S3Client client;

    /** A small object: its text, its version for conditional writes, and the time of its last change. */
    record Small(String text, String etag, Instant changed) {}

    S3Bucket(S3Location location) {
        this.location = location;
        try {
            this.client = S3Clients.open(location.endpoint(), location.region(), CONNECTIONS);
        } catch (SdkException e) {
            throw new ArtifactException("cannot open the artifact store " + location + ": " + e.getMessage(), e);
        }
    }

    S3Location location() {
        return location;
    }

    /** Returns a small object; empty if it does not exist. */
    Optional<Small> find(String key) {
        return call("read " + key, () -> {
            try {
                var response = client.getObjectAsBytes(get(key).build());
                GetObjectResponse head = response.response();
                return Optional.of(new Small(response.asUtf8String(), head.eTag(), head.lastModified()));
            } catch (AwsServiceException e) {
                return absent(e, Optional.empty());
            }
        });
    }

    /** Length of an object in bytes; empty if it does not exist. */
    OptionalLong length(String key) {
        return call("read " + key, () -> {
            try {
                return OptionalLong.of(client.headObject(
                                request -> request.bucket(location.bucket()).key(path(key)))
                        .contentLength());
            } catch (AwsServiceException e) {
                return absent(e, OptionalLong.empty());
            }
        });
    }

    /** Opens the bytes {@code first} to {@code last} of an object; empty if it does not exist. */
    Optional<InputStream> open(String key, long first, long last) throws IOException {
        try {
            return Optional.of(client.getObject(
                    get(key).range("bytes=" + first + "-" + last).build()));
        } catch (AwsServiceException e) {
            if (e.statusCode() == NOT_FOUND) {
                return Optional.empty();
            }
            throw new IOException(location + ": " + e.getMessage(), e);
        } catch (SdkException e) {
            throw new IOException(location + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a small object if it is unchanged.
     *
     * @param etag version that the object must have; empty: it must not exist
     * @return whether it was written
     */
    boolean replace(String key, String text, Optional<String> etag) {
        return call("write " + key, () -> {
            PutObjectRequest.Builder request = put(key);
            etag.ifPresentOrElse(request::ifMatch, () -> request.ifNoneMatch("*"));
            try {
                client.putObject(request.build(), RequestBody.fromString(text));
                return true;
            } catch (AwsServiceException e) {
                if (e.statusCode() == PRECONDITION_FAILED
                        || e.statusCode() == CONFLICT
                        || e.statusCode() == NOT_FOUND) {
                    return false;
                }
                throw e;
            }
        });
    }

    /**
     * Writes an object.
     *
     * @param sha256 Base64 of the bytes' SHA-256, which the server checks
     */
    void write(String key, RequestBody body, String sha256) {
        call(
                "write " + key,
                () -> client.putObject(put(key).checksumSHA256(sha256).build(), body));
    }

    void delete(String key) {
        call(
                "delete " + key,
                () -> client.deleteObject(
                        request -> request.bucket(location.bucket()).key(path(key))));
    }

    /** Calls {@code each} with the key, relative to {@code below}, and the listing of every object. */
    void list(String below, Listed each) {
        call("list " + below, () -> {
            String whole = path(below);
            for (S3Object object : client.listObjectsV2Paginator(
                            request -> request.bucket(location.bucket()).prefix(whole))
                    .contents()) {
                each.accept(object.key().substring(whole.length()), object);
            }
            return null;
        });
    }

    /** Receives an object of a listing. */
    @FunctionalInterface
    interface Listed {
        void accept(String key, S3Object object);
    }

    /** Starts a multipart upload and returns its id. */
    String startUpload(String key) {
        return call(
                "write " + key,
                () -> client.createMultipartUpload(request -> {
                            request.bucket(location.bucket()).key(path(key)).checksumAlgorithm("SHA256");
                            location.encryption().ifPresent(request::serverSideEncryption);
                            location.key().ifPresent(request::ssekmsKeyId);
                        })
                        .uploadId());
    }

    /** Calls {@code each} with the unfinished uploads of objects below a key. */
    void listUploads(String below, Consumer<MultipartUpload> each) {
        call("list the uploads of " + below, () -> {
            client.listMultipartUploadsPaginator(
                            request -> request.bucket(location.bucket()).prefix(path(below)))
                    .uploads()
                    .forEach(each);
            return null;
        });
    }

    /** The key, relative to the prefix, of an upload. */
    String keyOf(MultipartUpload upload) {
        return upload.key().substring(location.prefix().length());
    }

    /** The parts of an upload that the server has; empty if the upload does not exist any more. */
    Optional<List<Part>> parts(String key, String upload) {
        return call("read the parts of " + key, () -> {
            try {
                return Optional.of(client
                        .listPartsPaginator(request ->
                                request.bucket(location.bucket()).key(path(key)).uploadId(upload))
                        .parts()
                        .stream()
                        .toList());
            } catch (AwsServiceException e) {
                return absent(e, Optional.empty());
            }
        });
    }

    /**
     * Writes a part.
     *
     * @param sha256 Base64 of the part's SHA-256, which the server checks
     * @return the part's version, for {@link #finishUpload}
     */
    String writePart(String key, String upload, int number, RequestBody body, String sha256) {
        return call(
                "write part " + number + " of " + key,
                () -> client.uploadPart(
                                request -> request.bucket(location.bucket())
                                        .key(path(key))
                                        .uploadId(upload)
                                        .partNumber(number)
                                        .checksumSHA256(sha256),
                                body)
                        .eTag());
    }

    void finishUpload(String key, String upload, List<CompletedPart> parts) {
        call(
                "finish " + key,
                () -> client.completeMultipartUpload(request -> request.bucket(location.bucket())
                        .key(path(key))
                        .uploadId(upload)
                        .multipartUpload(finished -> finished.parts(parts))));
    }

    void abortUpload(String key, String upload) {
        call("abort the upload of " + key, () -> {
            try {
                return client.abortMultipartUpload(request ->
                        request.bucket(location.bucket()).key(path(key)).uploadId(upload));
            } catch (AwsServiceException e) {
                return absent(e, null);
            }
        });
    }

    /**
     * Checks that the bucket exists and that the server supports conditional writes.
     *
     * @throws ArtifactException if not, or if the server cannot be reached
     */
    void requireUsable() {
        call("open", () -> client.headBucket(request -> request.bucket(location.bucket())));
        String probe = "names/probe";
        replace(probe, "x", Optional.empty());
        if (replace(probe, "x", Optional.empty())
                || replace(probe, "x", Optional.of("\"00000000000000000000000000000000\""))) {
            throw new ArtifactException("the artifact store " + location
                    + " cannot be used: the server ignores If-None-Match and If-Match, without which an artifact could"
                    + " be lost; use a server with conditional writes");
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private GetObjectRequest.Builder get(String key) {
        return GetObjectRequest.builder().bucket(location.bucket()).key(path(key));
    }

    private PutObjectRequest.Builder put(String key) {
        PutObjectRequest.Builder request =
                PutObjectRequest.builder().bucket(location.bucket()).key(path(key));
        location.encryption().ifPresent(request::serverSideEncryption);
        location.key().ifPresent(request::ssekmsKeyId);
        return request;
    }

    private String path(String key) {
        return location.prefix() + key;
    }

    private static <T> T absent(AwsServiceException e, T result) {
        if (e.statusCode() == NOT_FOUND) {
            return result;
        }
        throw e;
    }

    /** Whether the same request can succeed later; credentials are renewed, and permissions are corrected. */
    private static boolean isTransient(int status) {
        return status >= 500 || status == 401 || status == 403 || status == 429;
    }

    private <T> T call(String what, Supplier<T> request) {
        try {
            return request.get();
        } catch (AwsServiceException e) {
            String reason = e.awsErrorDetails() == null || e.awsErrorDetails().errorCode() == null
                    ? "HTTP status " + e.statusCode()
                    : e.awsErrorDetails().errorCode() + ": "
                            + e.awsErrorDetails().errorMessage();
            String message = "artifact store " + location + ": cannot " + what + ": " + reason;
            throw isTransient(e.statusCode())
                    ? new UnreadableArtifactException(message, e)
                    : new ArtifactException(message, e);
        } catch (SdkException e) {
            throw new UnreadableArtifactException(
                    "artifact store " + location + ": cannot " + what + ": " + e.getMessage(), e);
        }
    }
}
