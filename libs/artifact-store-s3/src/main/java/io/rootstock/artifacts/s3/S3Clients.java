package io.rootstock.artifacts.s3;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.StandardRetryStrategy;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Clients of S3 servers. Credentials come from the environment, as for AWS's own tools. */
public final class S3Clients {
    private static final Duration CONNECT_PATIENCE = Duration.ofSeconds(10);
    /** Time without a byte after which a connection is abandoned. */
    private static final Duration SOCKET_PATIENCE = Duration.ofSeconds(30);

    private static final int ATTEMPTS = 5;

    /** Log categories of the client. At DEBUG, which is the level of a process without a configuration, they format all bytes. */
    private static final List<Logger> LOGS =
            List.of(Logger.getLogger("org.apache.hc"), Logger.getLogger("software.amazon.awssdk"));

    private S3Clients() {}

    /**
     * Returns a client, which sends no request before it is used.
     *
     * @param endpoint server; empty: AWS
     * @param region empty: as configured in the environment, else {@code us-east-1} with an endpoint
     * @param connections largest number of connections at a time
     * @throws software.amazon.awssdk.core.exception.SdkException if the environment is incomplete
     */
    public static S3Client open(Optional<URI> endpoint, Optional<String> region, int connections) {
        LOGS.stream().filter(log -> log.getLevel() == null).forEach(log -> log.setLevel(Level.INFO));
        S3ClientBuilder builder = S3Client.builder()
                .httpClientBuilder(Apache5HttpClient.builder()
                        .connectionTimeout(CONNECT_PATIENCE)
                        .socketTimeout(SOCKET_PATIENCE)
                        .maxConnections(connections))
                .overrideConfiguration(configuration -> configuration.retryStrategy(
                        StandardRetryStrategy.builder().maxAttempts(ATTEMPTS).build()))
                // Parts carry their SHA-256. The SDK's own checksums need a transfer encoding that not every server
                // knows.
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        endpoint.ifPresent(
                server -> builder.endpointOverride(server).forcePathStyle(true).region(Region.US_EAST_1));
        region.map(Region::of).ifPresent(builder::region);
        return builder.build();
    }
}
