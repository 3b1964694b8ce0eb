package io.rootstock.inference.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Refusals of large bodies, over sockets of clients that write their whole body before they read. */
@Timeout(120)
class RefusedBodyIT {
    private static final int MEBIBYTE = 1 << 20;
    private static final String TEXTS = "/v1/completions";
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");

    @TempDir
    static Path home;

    @TempDir
    static Path scratch;

    /** A service with a token that answers browsers of one origin. */
    private static ServingFixture closed;

    @BeforeAll
    static void startClosed() throws IOException {
        Path token = Files.writeString(home.resolve("token"), "a-token-of-this-test");
        closed = start(
                home,
                "rootstock.auth.token-file=" + token,
                "quarkus.http.cors.enabled=true",
                "quarkus.http.cors.origins=https://app.example",
                "quarkus.http.cors.exposed-headers=x-request-id,x-rootstock-warning");
    }

    @AfterAll
    static void stopClosed() {
        closed.close();
    }

    /** A client with one connection. */
    private static final class Client implements AutoCloseable {
        private final Socket socket;
        private final OutputStream out;
        private final InputStream in;

        Client(ServingFixture serving) throws IOException {
            socket = new Socket(InetAddress.getLoopbackAddress(), serving.httpPort());
            socket.setSoTimeout(60_000);
            out = socket.getOutputStream();
            in = new BufferedInputStream(socket.getInputStream());
        }

        void head(String path, String more) throws IOException {
            head("POST", path, more);
        }

        void head(String method, String path, String more) throws IOException {
            out.write((method + " " + path + " HTTP/1.1\r\nHost: localhost\r\n" + more + "\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        }

        void body(int bytes) throws IOException {
            byte[] part = new byte[64 * 1024];
            for (int rest = bytes; rest > 0; rest -= part.length) {
                out.write(part, 0, Math.min(part.length, rest));
            }
            out.flush();
        }

        void chunks(int bytes) throws IOException {
            byte[] part = new byte[64 * 1024];
            for (int rest = bytes; rest > 0; rest -= part.length) {
                out.write("10000\r\n".getBytes(StandardCharsets.US_ASCII));
                out.write(part);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
        }

        /** Reads one response with a content length: head and body. */
        String response() throws IOException {
            ByteArrayOutputStream head = new ByteArrayOutputStream();
            while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("the connection was closed after: " + head);
                }
                head.write(next);
            }
            Matcher length = LENGTH.matcher(head.toString(StandardCharsets.US_ASCII));
            assertThat(length.find()).isTrue();
            head.write(in.readNBytes(Integer.parseInt(length.group(1))));
            return head.toString(StandardCharsets.UTF_8);
        }

        boolean closedByService() {
            try {
                return in.read() < 0;
            } catch (IOException _) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private static String length(int bytes) {
        return "Content-Length: " + bytes + "\r\n";
    }

    private static ServingFixture start(Path home, String... settings) throws IOException {
        ServingFixture serving = new ServingFixture(home, scratch, settings);
        ServingFixture.await(() -> {
            try {
                return serving.get("/v1/models").statusCode() != 503;
            } catch (IOException _) {
                return false;
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
        return serving;
    }

    @Test
    void aRefusedBodyIsReadBeforeTheAnswer(@TempDir Path other) throws IOException {
        String json = "Content-Type: application/json\r\n";
        try (ServingFixture serving = start(other, "rootstock.inference.request-limit=100K")) {
            try (Client client = new Client(serving)) {
                // One connection: an answer that is lost or too early would spoil the next request.
                client.head(TEXTS, json + length(6 * MEBIBYTE));
                client.body(6 * MEBIBYTE);
                assertThat(client.response()).startsWith("HTTP/1.1 413").contains("request_too_large");
                client.head("/v1/images", json + length(6 * MEBIBYTE));
                client.body(6 * MEBIBYTE);
                assertThat(client.response()).startsWith("HTTP/1.1 404").contains("unknown_url");
                client.head(TEXTS, "Content-Type: text/plain\r\n" + length(6 * MEBIBYTE));
                client.body(6 * MEBIBYTE);
                assertThat(client.response())
                        .startsWith("HTTP/1.1 415")
                        .doesNotContainIgnoringCase("connection: close");
            }
            try (Client client = new Client(serving)) {
                client.head(TEXTS, json + "Transfer-Encoding: chunked\r\n");
                client.chunks(6 * MEBIBYTE);
                assertThat(client.response()).startsWith("HTTP/1.1 413").contains("request_too_large");
            }
            try (Client client = new Client(serving)) {
                client.head(TEXTS, json + "Connection: close\r\n" + length(6 * MEBIBYTE));
                client.body(6 * MEBIBYTE);
                assertThat(client.response()).startsWith("HTTP/1.1 413");
                assertThat(client.closedByService()).isTrue();
            }
        }
    }

    @Test
    void aLongFileNameIsTheErrorOfTheRequest() throws IOException {
        String body = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + "x".repeat(5000)
                + ".jsonl\"\r\nContent-Type: application/jsonl\r\n\r\n{}\r\n--b--\r\n";
        try (ServingFixture serving = ServingFixture.shared(scratch);
                Client client = new Client(serving)) {
            client.head("/v1/files", "Content-Type: multipart/form-data; boundary=b\r\n" + length(body.length()));
            client.out.write(body.getBytes(StandardCharsets.US_ASCII));
            client.out.flush();
            assertThat(client.response())
                    .startsWith("HTTP/1.1 400")
                    .contains("filename: the head of a part, with its file name, must have at most 1024 bytes");
        }
    }

    @Test
    void withoutTokensTheNameOfAnotherMachineIsRefused() throws IOException {
        try (ServingFixture serving = ServingFixture.shared(scratch);
                Client client = new Client(serving)) {
            client.out.write("GET /v1/models HTTP/1.1\r\nHost: evil.example:80\r\nContent-Length: 0\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
            assertThat(client.response()).startsWith("HTTP/1.1 403").contains("not at evil.example:80");
        }
    }

    @Test
    void aMissingTokenIsAnsweredAfterTheBody() throws IOException {
        try (Client client = new Client(closed)) {
            client.head(TEXTS, "Content-Type: application/json\r\n" + length(7 * MEBIBYTE));
            client.body(7 * MEBIBYTE);
            assertThat(client.response()).startsWith("HTTP/1.1 401").contains("invalid_api_key");
        }
    }

    @Test
    void aBodyBeyondTheBoundIsAnsweredAndTheConnectionClosed() throws IOException {
        try (ServingFixture serving = ServingFixture.shared(scratch);
                Client client = new Client(serving)) {
            client.head(TEXTS, "Content-Type: application/json\r\n" + length(1024 * MEBIBYTE - 1));
            client.body(13 * MEBIBYTE);
            assertThat(client.response())
                    .startsWith("HTTP/1.1 413")
                    .containsIgnoringCase("connection: close")
                    .contains("request_too_large");
            assertThat(client.closedByService()).isTrue();
        }
    }

    @Test
    void browsersOfConfiguredOriginsMayCallTheApi() throws IOException {
        String origin = "Origin: https://app.example\r\n";
        try (Client client = new Client(closed)) {
            client.head("OPTIONS", TEXTS, origin + "Access-Control-Request-Method: POST\r\n");
            assertThat(client.response())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("access-control-allow-origin: https://app.example")
                    .containsIgnoringCase("access-control-allow-methods:");
            client.head("GET", "/v1/models", origin + "Authorization: Bearer a-token-of-this-test\r\n");
            assertThat(client.response())
                    .startsWith("HTTP/1.1 200")
                    .containsIgnoringCase("access-control-allow-origin: https://app.example")
                    .containsIgnoringCase("access-control-expose-headers: x-request-id,x-rootstock-warning");
        }
    }
}
