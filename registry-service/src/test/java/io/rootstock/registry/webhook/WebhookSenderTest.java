package io.rootstock.registry.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.rootstock.registry.WebhookReceiver;
import io.rootstock.registry.outbox.WebhookEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.net.PfxOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebhookSenderTest {
    private static final Secret SECRET = Secret.generate();
    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final char[] PASSWORD = "password".toCharArray();

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close();
    }

    /** Connection handler of a raw server. */
    @FunctionalInterface
    private interface Behaviour {
        void run(Socket socket, OutputStream out) throws Exception;
    }

    @Test
    void aHostThatChangesToAPrivateAddressIsNotCalled() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            InetAddress[] address = {InetAddress.ofLiteral("1.1.1.1")};
            EndpointPolicy policy = new EndpointPolicy(false, host -> address);
            assertThat(policy.resolve("rebinding.example").getHostAddress()).isEqualTo("1.1.1.1");
            address[0] = InetAddress.getLoopbackAddress();
            Attempt attempt =
                    send(policy, new HttpClientOptions(), "https://rebinding.example:" + receiver.port() + "/");
            assertThat(attempt.status()).isZero();
            assertThat(attempt.error()).contains("127.0.0.1, which is not public");
            assertThat(receiver.received()).isEmpty();
        }
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (WebhookReceiver receiver = new WebhookReceiver()) {
            receiver.answerWith(307);
            Attempt attempt = send(receiver.url());
            assertThat(attempt.status()).isEqualTo(307);
            assertThat(attempt.succeeded()).isFalse();
            assertThat(receiver.received()).hasSize(1);
            assertThat(receiver.received().getFirst().header("content-type")).isEqualTo("application/json");
        }
    }

    @Test
    void anEndlessBodyIsNotRead() throws Exception {
        Attempt attempt = sendTo((socket, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n");
            while (true) {
                out.write(new byte[1 << 16]);
            }
        });
        assertThat(attempt.status()).isEqualTo(200);
        assertThat(attempt.seconds()).isLessThan(TIMEOUT.toMillis() / 1000.0);
    }

    @Test
    void endlessHeadersAreRefused() throws Exception {
        Attempt attempt = sendTo((socket, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(out, "x-more: " + "x".repeat(1000) + "\r\n");
            }
        });
        assertThat(attempt.status()).isZero();
        assertThat(attempt.error()).isNotEmpty();
    }

    @Test
    void aSlowResponseIsCutAtTheTimeout() throws Exception {
        Attempt attempt = sendTo((socket, out) -> {
            for (byte letter : "HTTP/1.1 200 OK, but one letter at a time".getBytes(StandardCharsets.US_ASCII)) {
                out.write(letter);
                out.flush();
                if (closedWithin(socket, TIMEOUT.dividedBy(10))) {
                    return;
                }
            }
        });
        assertThat(attempt.error()).isEqualTo("no response within 3.0 s");
        assertThat(attempt.seconds()).isLessThan(10 * TIMEOUT.toMillis() / 1000.0);
    }

    @Test
    void aRefusedConnectionIsAResult() throws Exception {
        int port;
        try (ServerSocket closed = new ServerSocket(0)) {
            port = closed.getLocalPort();
        }
        assertThat(send("http://127.0.0.1:" + port).error()).contains("Connection refused");
    }

    @Test
    void httpNeedsTheSetting() throws Exception {
        EndpointPolicy policy = new EndpointPolicy(false);
        assertThat(send(policy, new HttpClientOptions(), "http://1.1.1.1/").error())
                .startsWith("the URL must begin with https://");
    }

    @Test
    void certificatesAreVerifiedForTheHostName(@TempDir Path folder) throws Exception {
        Path keys = certificate(folder, "hooks.example");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(keys)));
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        try {
            EndpointPolicy policy =
                    new EndpointPolicy(true, host -> new InetAddress[] {InetAddress.getLoopbackAddress()});
            HttpClientOptions trusting = new HttpClientOptions()
                    .setTrustOptions(new PfxOptions().setPath(keys.toString()).setPassword(new String(PASSWORD)));
            String path = ":" + server.getAddress().getPort() + "/";
            assertThat(send(policy, trusting, "https://hooks.example" + path).status())
                    .isEqualTo(204);
            assertThat(send(policy, trusting, "https://other.example" + path).error())
                    .contains("other.example");
            assertThat(send(policy, new HttpClientOptions(), "https://hooks.example" + path)
                            .succeeded())
                    .isFalse();
        } finally {
            server.stop(0);
        }
    }

    private Attempt send(String url) throws InterruptedException {
        return send(new EndpointPolicy(true), new HttpClientOptions(), url);
    }

    private Attempt send(EndpointPolicy policy, HttpClientOptions options, String url) throws InterruptedException {
        // A TLS handshake on a busy machine takes longer than the timeout of the raw servers.
        Duration timeout = options.getTrustOptions() == null ? TIMEOUT : Duration.ofMinutes(1);
        try (WebhookSender sender = new WebhookSender(vertx, policy, options, timeout)) {
            return sender.send(
                    new Endpoint(url, List.of(SECRET)), WebhookEvent.of("job.succeeded", "instruction-12345678"));
        }
    }

    /** Sends to a server that reads the head of one request and answers it with raw bytes. */
    private Attempt sendTo(Behaviour behaviour) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread thread = Thread.ofVirtual().start(() -> answer(server, behaviour));
            Attempt attempt = send("http://127.0.0.1:" + server.getLocalPort());
            assertThat(thread.join(Duration.ofMinutes(1)))
                    .as("the connection is closed")
                    .isTrue();
            return attempt;
        }
    }

    private static void answer(ServerSocket server, Behaviour behaviour) {
        try (Socket socket = server.accept()) {
            readHead(socket.getInputStream());
            behaviour.run(socket, socket.getOutputStream());
        } catch (SocketException closed) {
            // The sender has closed the connection.
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    /** Reads up to the empty line: an answer that comes before the request is an error of the protocol. */
    private static void readHead(InputStream in) throws IOException {
        String end = "\r\n\r\n";
        int matched = 0;
        while (matched < end.length()) {
            int read = in.read();
            if (read < 0) {
                throw new SocketException("closed within the head");
            }
            matched = read == end.charAt(matched) ? matched + 1 : read == '\r' ? 1 : 0;
        }
    }

    /** Reads the request until the sender closes the connection or is silent for this time. */
    private static boolean closedWithin(Socket socket, Duration time) throws IOException {
        socket.setSoTimeout((int) time.toMillis());
        try {
            socket.getInputStream().transferTo(OutputStream.nullOutputStream());
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }

    /** Creates a key store with a self-signed certificate for a host. */
    private static Path certificate(Path folder, String host) throws Exception {
        Path file = folder.resolve("keys.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "server",
                        "-keyalg",
                        "EC",
                        "-dname",
                        "CN=" + host,
                        "-ext",
                        "SAN=dns:" + host,
                        "-keystore",
                        file.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD))
                .inheritIO()
                .start();
        assertThat(keytool.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(keytool.exitValue()).isZero();
        return file;
    }

    private static SSLContext context(Path keys) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keys)) {
            store.load(in, PASSWORD);
        }
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, PASSWORD);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(factory.getKeyManagers(), null, null);
        return context;
    }
}
