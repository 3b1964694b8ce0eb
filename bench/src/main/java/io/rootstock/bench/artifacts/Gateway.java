package io.rootstock.bench.artifacts;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** The S3 server of {@link S3Benchmark}, with its objects as files in a folder. */
final class Gateway implements AutoCloseable {
    static final String BUCKET = "artifacts";
    static final String ACCESS_KEY = "rootstock";
    static final String SECRET_KEY = "of-the-benchmark";
    static final String REGION = "us-east-1";

    private static final long PAUSE_NANOS = 50_000_000;

    private final Process process;
    private final URI address;
    private final S3Client client;

    Gateway(Path folder) throws IOException {
        int port;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        address = URI.create("http://127.0.0.1:" + port);
        ProcessBuilder builder = new ProcessBuilder(
                        System.getProperty("rootstock.bench.gateway"),
                        "--port",
                        "127.0.0.1:" + port,
                        "--region",
                        REGION,
                        "posix",
                        Files.createDirectories(folder.resolve("objects")).toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("gateway.log").toFile());
        builder.environment().put("ROOT_ACCESS_KEY", ACCESS_KEY);
        builder.environment().put("ROOT_SECRET_KEY", SECRET_KEY);
        process = builder.start();
        while (!listens(port)) {
            if (!process.isAlive()) {
                throw new IOException("versitygw ended:\n" + Files.readString(folder.resolve("gateway.log")));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        client = S3Client.builder()
                .endpointOverride(address)
                .forcePathStyle(true)
                .region(Region.of(REGION))
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .build();
        client.createBucket(request -> request.bucket(BUCKET));
    }

    URI address() {
        return address;
    }

    /** Address of a store in the bucket. */
    String store(String prefix) {
        return "s3://" + BUCKET + "/" + prefix + "?endpoint=" + address;
    }

    /** Deletes all objects below a prefix. */
    void delete(String prefix) {
        client.listObjectsV2Paginator(request -> request.bucket(BUCKET).prefix(prefix))
                .contents()
                .forEach(object ->
                        client.deleteObject(request -> request.bucket(BUCKET).key(object.key())));
    }

    /** Number of parts of unfinished uploads that the server has completely. */
    int completeParts() {
        return client.listMultipartUploads(request -> request.bucket(BUCKET)).uploads().stream()
                .mapToInt(upload -> (int) client
                        .listPartsPaginator(request ->
                                request.bucket(BUCKET).key(upload.key()).uploadId(upload.uploadId()))
                        .parts()
                        .stream()
                        .count())
                .sum();
    }

    @Override
    public void close() {
        client.close();
        process.destroyForcibly();
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}
