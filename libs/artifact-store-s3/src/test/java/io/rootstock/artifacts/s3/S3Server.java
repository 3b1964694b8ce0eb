package io.rootstock.artifacts.s3;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server (s3proxy) in a process of its own, with its objects in a folder. */
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "artifacts";
    public static final String ACCESS_KEY = "rootstock";
    public static final String SECRET_KEY = "of-the-tests";

    private static final int START_ATTEMPTS = 5;

    private final Path jar;
    private final Path folder;
    private final int port;
    private Process process;

    private S3Server(Path jar, Path folder, int port) {
        this.jar = jar;
        this.folder = folder;
        this.port = port;
    }

    /**
     * Starts a server with an empty bucket.
     *
     * @param jar the server
     */
    public static S3Server start(Path jar, Path folder) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            int port;
            try (ServerSocket free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            S3Server server = new S3Server(jar, folder, port);
            try {
                server.start();
                try (S3Client client = server.client()) {
                    client.createBucket(request -> request.bucket(BUCKET));
                }
                return server;
            } catch (IOException e) {
                server.close();
                if (attempt == START_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Starts the server again, with the objects that it had. */
    void start() throws IOException, InterruptedException {
        Path objects = Files.createDirectories(folder.resolve("objects"));
        Path properties = Files.writeString(
                folder.resolve("s3proxy.properties"),
                String.join(
                        "\n",
                        List.of(
                                "s3proxy.endpoint=http://127.0.0.1:" + port,
                                "s3proxy.authorization=aws-v2-or-v4",
                                "s3proxy.identity=" + ACCESS_KEY,
                                "s3proxy.credential=" + SECRET_KEY,
                                "jclouds.provider=filesystem-nio2",
                                "jclouds.filesystem.basedir=" + objects)));
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-jar",
                        jar.toAbsolutePath().toString(),
                        "--properties",
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s3proxy.log").toFile())
                .start();
        while (!answers()) {
            if (!process.isAlive()) {
                throw new IOException("s3proxy ended:\n" + Files.readString(folder.resolve("s3proxy.log")));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Ends the server as a loss of power does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Address of a store with this prefix. */
    public URI address(String prefix) {
        return URI.create("s3://" + BUCKET + "/" + prefix + "?part-mib=5&endpoint=http://127.0.0.1:" + port);
    }

    /** Address of the server. */
    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port);
    }

    public S3Client client() {
        return S3Client.builder()
                .endpointOverride(endpoint())
                .forcePathStyle(true)
                .region(Region.US_EAST_1)
                .build();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
                InputStream in = socket.getInputStream()) {
            return in != null;
        } catch (IOException e) {
            return false;
        }
    }
}
