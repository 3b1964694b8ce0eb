package io.rootstock.bench.artifacts;

import io.rootstock.artifacts.ArtifactLocation;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/** One transfer of {@link S3Benchmark}, as a process that can be timed and killed. */
public final class S3Transfer {
    private S3Transfer() {}

    /** Entry point: {@code put STORE CACHE FILE} or {@code get STORE CACHE DIGEST}; prints the digest or the local copy. */
    public static void main(String[] arguments) {
        ArtifactStore store = new ArtifactLocation(Path.of(arguments[2]), Optional.of(URI.create(arguments[1]))).open();
        System.out.println(
                switch (arguments[0]) {
                    case "put" -> store.putFile(Path.of(arguments[3])).value();
                    case "get" -> store.verified(Digest.parse(arguments[3])).toString();
                    default -> throw new IllegalArgumentException("put or get, not " + arguments[0]);
                });
    }
}
