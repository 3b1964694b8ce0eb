package io.rootstock.service.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class StreamRpcTest {
    private static final String GENERATE = WebServer.INFERENCE + "GenerateStream";
    private static final String JSON = "application/connect+json";

    private final StreamService service = new StreamService();
    private final WebServer server = new WebServer(service);

    @AfterEach
    void close() {
        server.close();
    }

    private static byte[] request(String model, int messages) {
        return Frames.of("{\"model\": \"%s\", \"prompt\": \"%d\"}"
                .formatted(model, messages)
                .getBytes(UTF_8));
    }

    private Frames call(String model, int messages) throws Exception {
        HttpResponse<byte[]> response = server.send(
                server.request(GENERATE, JSON, request(model, messages)).build());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains(JSON);
        return new Frames(new ByteArrayInputStream(response.body()));
    }

    @Test
    void messagesAreFollowedByAnEmptyEnd() throws Exception {
        Frames frames = call("m", 3);
        for (int i = 0; i < 3; i++) {
            assertThat(frames.next().json().path("text").asText()).hasSize(StreamService.MESSAGE_CHARACTERS);
        }
        Frames.Frame end = frames.next();
        assertThat(end.end()).isTrue();
        assertThat(end.json()).isEmpty();
    }

    @Test
    void anErrorAfterMessagesIsInTheEnd() throws Exception {
        Frames frames = call("failing", 1);
        assertThat(frames.next().end()).isFalse();
        Frames.Frame end = frames.next();
        assertThat(end.end()).isTrue();
        assertThat(end.json().path("error").path("code").asText()).isEqualTo("unavailable");
        assertThat(end.json().at("/error/details/0/debug/reason").asText()).isEqualTo("DRAINING");
    }

    @Test
    void anErrorBeforeTheFirstMessageIsInTheEnd() throws Exception {
        Frames.Frame end = call("failing", 0).next();
        assertThat(end.end()).isTrue();
        assertThat(end.json().path("error").path("message").asText()).isEqualTo("the service stops");
    }

    @Test
    void protobufIsStreamedInProtobuf() throws Exception {
        byte[] message = GenerateStreamRequest.newBuilder()
                .setModel("m")
                .setPrompt("1")
                .build()
                .toByteArray();
        HttpResponse<byte[]> response =
                server.send(server.request(GENERATE, "application/connect+proto", Frames.of(message))
                        .build());
        Frames frames = new Frames(new ByteArrayInputStream(response.body()));
        assertThat(GenerateStreamResponse.parseFrom(frames.next().bytes()).getText())
                .hasSize(StreamService.MESSAGE_CHARACTERS);
        assertThat(frames.next().end()).isTrue();
    }

    @Test
    void aRequestIsExactlyOneFrame() throws Exception {
        byte[] whole = request("m", 0);
        byte[] compressed = whole.clone();
        compressed[0] = 1;
        byte[] longer = java.util.Arrays.copyOf(whole, whole.length + 1);
        expectRefused(new byte[] {0, 0}, "a frame has a header of 5 bytes");
        expectRefused(longer, "send exactly one message");
        expectRefused(compressed, "a compressed frame");
    }

    private void expectRefused(byte[] body, String message) throws Exception {
        HttpResponse<byte[]> response =
                server.send(server.request(GENERATE, JSON, body).build());
        Frames.Frame end = new Frames(new ByteArrayInputStream(response.body())).next();
        assertThat(end.json().at("/error/message").asText()).contains(message);
        assertThat(service.started.getCount()).isEqualTo(1);
    }

    @Test
    void aTimeoutEndsTheStream() throws Exception {
        HttpRequest request = server.request(GENERATE, JSON, request("waiting", 0))
                .header("Connect-Timeout-Ms", "50")
                .build();
        Frames.Frame end =
                new Frames(new ByteArrayInputStream(server.send(request).body())).next();
        assertThat(end.json().at("/error/code").asText()).isEqualTo("deadline_exceeded");
        assertThat(service.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aSlowReaderHoldsFewMessagesAndItsEndCancelsTheCall() throws Exception {
        try (Socket socket = open("m", Integer.MAX_VALUE)) {
            Frames frames = new Frames(afterHead(socket.getInputStream()));
            assertThat(frames.next().end()).isFalse();
        }
        assertThat(service.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
        // 16 KiB each: buffers of both sockets, the write queue, and the window.
        assertThat(service.sent.get()).isBetween(1, 700);
    }

    @Test
    void aDroppedConnectionCancelsTheCall() throws Exception {
        Socket socket = open("waiting", 0);
        assertThat(service.started.await(30, TimeUnit.SECONDS)).isTrue();
        socket.setSoLinger(true, 0); // RST
        socket.close();
        assertThat(service.cancelled.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aFastReaderGetsAllMessages() throws Exception {
        Frames frames = call("m", 2_000);
        for (int i = 0; i < 2_000; i++) {
            assertThat(frames.next().end()).isFalse();
        }
        assertThat(frames.next().end()).isTrue();
    }

    private Socket open(String model, int messages) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(64 << 10);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
        byte[] body = request(model, messages);
        socket.getOutputStream()
                .write(("POST " + GENERATE + " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: " + JSON
                                + "\r\nContent-Length: " + body.length + "\r\n\r\n")
                        .getBytes(UTF_8));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return socket;
    }

    /** Skips the head and the size of the first chunk. */
    private static InputStream afterHead(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (!head.toString().endsWith("\r\n\r\n")) {
            head.append((char) in.read());
        }
        assertThat(head.toString()).startsWith("HTTP/1.1 200");
        while (in.read() != '\n') {
            // digits of the size
        }
        return in;
    }
}
