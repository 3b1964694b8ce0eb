package io.rootstock.corpus.worker.s3;

import io.rootstock.artifacts.s3.S3Clients;
import io.rootstock.artifacts.s3.S3Location;
import io.rootstock.corpus.storage.StorageProvider;
import io.rootstock.corpus.storage.StorageRoot;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * Roots {@code s3://bucket/prefix?endpoint=https://...&region=...}, the addresses of artifact stores. A process has one client
 * for each server and region.
 */
public final class S3StorageProvider implements StorageProvider {
    /** More than the largest number of threads of a job, each of which holds one connection or two. */
    private static final int CONNECTIONS = 2_500;

    private static final Set<String> PARAMETERS = Set.of("endpoint", "region");

    private final Map<Server, S3Client> clients = new ConcurrentHashMap<>();

    private record Server(Optional<URI> endpoint, Optional<String> region) {}

    @Override
    public String scheme() {
        return S3Location.SCHEME;
    }

    @Override
    public StorageRoot root(String address) {
        S3Location location = location(address);
        Server server = new Server(location.endpoint(), location.region());
        return new S3Root(
                address,
                location.bucket(),
                location.prefix(),
                () -> clients.computeIfAbsent(
                        server, key -> S3Clients.open(key.endpoint(), key.region(), CONNECTIONS)));
    }

    private static S3Location location(String address) {
        try {
            return S3Location.parse(new URI(address), PARAMETERS);
        } catch (URISyntaxException _) {
            throw new IllegalArgumentException("an S3 address is s3://BUCKET/PREFIX?endpoint=URL&region=NAME");
        }
    }
}
