package io.rootstock.artifacts.s3;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.Digest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * Writes a file as an object: in one request, or in parts if it is larger than one. Parts that an interrupted upload of the
 * same bytes has left on the server are not sent again, whichever process sent them.
 */
final class ObjectUpload {
    static final String FOLDER = "objects/";

    private static final int CONCURRENT_PARTS = 4;

    private final S3Bucket bucket;
    private final Path file;
    private final FileSums sums;

    ObjectUpload(S3Bucket bucket, Path file, FileSums sums) {
        this.bucket = bucket;
        this.file = file;
        this.sums = sums;
    }

    /** Prefix of the keys of all objects with an artifact's bytes. */
    static String folder(Digest digest) {
        return FOLDER + digest.hex() + "/";
    }

    /** An unfinished upload: its key, its id, and the versions of the parts that the server has, by number. */
    private record Unfinished(String key, String id, Map<Integer, String> sent) {}

    /**
     * Sends the file and returns the last component of the new object's key.
     *
     * @throws ArtifactException if the server rejects it, also because the file changed since it was hashed
     */
    String send() throws IOException {
        String folder = folder(sums.digest());
        if (sums.parts().size() == 1) {
            String object = UUID.randomUUID().toString();
            bucket.write(folder + object, section(1).body(), sums.parts().getFirst());
            return object;
        }
        Unfinished upload = mostAdvanced().orElseGet(() -> {
            String key = folder + UUID.randomUUID();
            return new Unfinished(key, bucket.startUpload(key), new TreeMap<>());
        });
        sendMissing(upload);
        List<CompletedPart> parts = new ArrayList<>();
        upload.sent()
                .forEach((number, etag) -> parts.add(CompletedPart.builder()
                        .partNumber(number)
                        .eTag(etag)
                        .checksumSHA256(sums.parts().get(number - 1))
                        .build()));
        bucket.finishUpload(upload.key(), upload.id(), parts);
        return upload.key().substring(folder.length());
    }

    private Optional<Unfinished> mostAdvanced() throws IOException {
        List<MultipartUpload> candidates = new ArrayList<>();
        bucket.listUploads(folder(sums.digest()), candidates::add);
        Unfinished best = null;
        for (MultipartUpload candidate : candidates) {
            String key = bucket.keyOf(candidate);
            Optional<List<Part>> parts = bucket.parts(key, candidate.uploadId());
            if (parts.isEmpty()) {
                continue;
            }
            Map<Integer, String> sent = new TreeMap<>();
            for (Part part : parts.get()) {
                if (isSame(part)) {
                    sent.put(part.partNumber(), part.eTag());
                }
            }
            if (best == null || sent.size() > best.sent().size()) {
                best = new Unfinished(key, candidate.uploadId(), sent);
            }
        }
        return Optional.ofNullable(best);
    }

    private boolean isSame(Part part) throws IOException {
        int number = part.partNumber();
        if (number > sums.parts().size() || part.size() != sums.length(number)) {
            return false;
        }
        if (part.checksumSHA256() != null) {
            return part.checksumSHA256().equals(sums.parts().get(number - 1));
        }
        return part.eTag().replace("\"", "").equals(section(number).md5());
    }

    private void sendMissing(Unfinished upload) throws IOException {
        Map<Integer, Future<String>> sending = new TreeMap<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(
                CONCURRENT_PARTS, Thread.ofVirtual().name("upload-", 0).factory())) {
            for (int i = 1; i <= sums.parts().size(); i++) {
                int number = i;
                if (!upload.sent().containsKey(number)) {
                    sending.put(
                            number,
                            pool.submit(() -> bucket.writePart(
                                    upload.key(),
                                    upload.id(),
                                    number,
                                    section(number).body(),
                                    sums.parts().get(number - 1))));
                }
            }
            try {
                for (Map.Entry<Integer, Future<String>> part : sending.entrySet()) {
                    upload.sent().put(part.getKey(), part.getValue().get());
                }
            } catch (ExecutionException e) {
                pool.shutdownNow();
                if (e.getCause() instanceof RuntimeException cause) {
                    throw cause;
                }
                throw new IOException(e.getCause());
            } catch (InterruptedException e) {
                pool.shutdownNow();
                Thread.currentThread().interrupt();
                throw new ArtifactException("interrupted while storing " + file, e);
            }
        }
    }

    private FileSection section(int number) {
        return new FileSection(file, sums.start(number), sums.length(number));
    }
}
