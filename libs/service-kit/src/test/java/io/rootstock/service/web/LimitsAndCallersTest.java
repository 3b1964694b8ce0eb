package io.rootstock.service.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.rootstock.client.TokenCredentials;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.service.web.ForwardedServices.RpcTarget;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class LimitsAndCallersTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLASSIFY = WebServer.INFERENCE + "Classify";
    private static final String TOKEN = "installation-0123456789";

    @TempDir
    Path directory;

    private Optional<Path> token() throws Exception {
        return Optional.of(Files.writeString(directory.resolve("token"), TOKEN + "\n"));
    }

    private static RequestMemory unlimited() {
        return new RequestMemory(100, 1L << 30);
    }

    private static HttpRequest.Builder classify(WebServer server, String model) {
        return server.request(CLASSIFY, "application/json", ("{\"model\": \"" + model + "\"}").getBytes(UTF_8));
    }

    private static String code(HttpResponse<byte[]> response) throws Exception {
        JsonNode body = JSON.readTree(response.body());
        return response.statusCode() + " " + body.path("code").asText();
    }

    @Test
    void callersNeedATokenAndTheRoleOfTheMethod() throws Exception {
        try (WebServer server = new WebServer(token(), unlimited(), List.of(), new StreamService())) {
            HttpResponse<byte[]> anonymous = server.send(classify(server, "m").build());
            assertThat(code(anonymous)).isEqualTo("401 unauthenticated");
            assertThat(anonymous.headers().firstValue("WWW-Authenticate")).contains("Bearer");
            assertThat(code(server.send(classify(server, "m")
                            .header("Authorization", "Bearer wrong")
                            .build())))
                    .isEqualTo("401 unauthenticated");
            for (String secret : List.of(TOKEN, WebServer.VIEWER)) {
                assertThat(server.send(classify(server, "m")
                                        .header("Authorization", "Bearer " + secret)
                                        .build())
                                .statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void aViewerMayNotCallMethodsOfAdmins() throws Exception {
        try (WebServer server = new WebServer(
                token(),
                unlimited(),
                List.of(),
                new io.rootstock.inference.v1.ControlServiceGrpc.ControlServiceImplBase() {})) {
            HttpRequest abort = server.request(
                            "/rootstock.inference.v1.ControlService/Abort", "application/json", "{}".getBytes(UTF_8))
                    .header("Authorization", "Bearer " + WebServer.VIEWER)
                    .build();
            HttpResponse<byte[]> response = server.send(abort);
            assertThat(code(response)).isEqualTo("403 permission_denied");
            assertThat(new String(response.body(), UTF_8)).contains("users/vera lacks the role admin");
            assertThat(server.ended.poll(30, TimeUnit.SECONDS)).isEqualTo("PERMISSION_DENIED");
        }
    }

    @Test
    void aBodyIsRefusedBeforeItIsReadWithoutAToken() throws Exception {
        RequestMemory none = new RequestMemory(100, 0);
        try (WebServer server = new WebServer(token(), none, List.of(), new StreamService())) {
            assertThat(code(server.send(classify(server, "m").build()))).isEqualTo("401 unauthenticated");
        }
    }

    @Test
    void tooLargeRequestsAreRefusedWithTheLimit() throws Exception {
        try (WebServer server = new WebServer(new StreamService())) {
            byte[] body = new byte[(4 << 20) + 1];
            HttpResponse<byte[]> response = server.send(
                    server.request(CLASSIFY, "application/json", body).build());
            assertThat(code(response)).isEqualTo("400 invalid_argument");
            assertThat(new String(response.body(), UTF_8)).contains("at most 4194304 bytes as application/json");
        }
    }

    @Test
    void requestsThatExceedTheMemoryTogetherAreRefusedAndReleaseIt() throws Exception {
        try (WebServer server =
                new WebServer(Optional.empty(), new RequestMemory(100, 1000), List.of(), new StreamService())) {
            HttpResponse<byte[]> response =
                    server.send(classify(server, "m".repeat(100)).build());
            assertThat(code(response)).isEqualTo("429 resource_exhausted");
            assertThat(response.headers().firstValue("Retry-After")).contains("1");
            for (int i = 0; i < 10; i++) {
                assertThat(server.send(classify(server, "m").build()).statusCode())
                        .isEqualTo(200);
            }
        }
    }

    @Test
    void callsInFlightAreLimited() throws Exception {
        StreamService service = new StreamService();
        try (WebServer server = new WebServer(Optional.empty(), new RequestMemory(1, 1L << 30), List.of(), service)) {
            HttpRequest waiting = classify(server, "never")
                    .header("Connect-Timeout-Ms", "30000")
                    .build();
            CompletableFuture<Void> _ = CompletableFuture.runAsync(
                    () -> {
                        try {
                            server.send(waiting);
                        } catch (Exception e) {
                            // The server closes while the call waits.
                        }
                    },
                    task -> Thread.ofVirtual().start(task));
            assertThat(service.started.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(code(server.send(classify(server, "m").build()))).isEqualTo("429 resource_exhausted");
        }
    }

    @Test
    void aCallerWithManyStreamsLeavesCallsToOthers() throws Exception {
        try (WebServer server =
                new WebServer(token(), new RequestMemory(10, 1L << 30), List.of(), new StreamService())) {
            List<InputStream> streams = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                streams.add(server.open(waiting(server)).body());
            }
            HttpResponse<byte[]> third = server.send(classify(server, "m")
                    .header("Authorization", "Bearer " + WebServer.VIEWER)
                    .build());
            assertThat(code(third)).isEqualTo("429 resource_exhausted");
            assertThat(third.headers().firstValue("Retry-After")).contains("1");
            assertThat(JSON.readTree(third.body()).path("message").asText())
                    .isEqualTo("users/vera has 2 calls in flight over HTTP, and 8 of 10 are free (rootstock.web.calls);"
                            + " a caller may have one for each 4 that are free: end some of its streams");
            for (int i = 0; i < 10; i++) {
                assertThat(code(server.send(classify(server, "m")
                                .header("Authorization", "Bearer " + TOKEN)
                                .build())))
                        .isEqualTo("200 ");
            }
            for (InputStream stream : streams) {
                stream.close();
            }
            HttpRequest again = classify(server, "m")
                    .header("Authorization", "Bearer " + WebServer.VIEWER)
                    .build();
            while (server.send(again).statusCode() != 200) {
                Thread.onSpinWait(); // until the server has seen that the streams are closed
            }
        }
    }

    @Test
    void callersWithoutTokensAreToldApartByAddress() throws Exception {
        try (WebServer server =
                new WebServer(Optional.empty(), new RequestMemory(2, 1L << 30), List.of(), new StreamService())) {
            InputStream stream = server.open(waiting(server)).body();
            HttpResponse<byte[]> second = server.send(classify(server, "m").build());
            assertThat(code(second)).isEqualTo("429 resource_exhausted");
            assertThat(new String(second.body(), UTF_8)).contains("127.0.0.1 has 1 calls in flight");
            assertThat(statusFrom("127.0.0.2", server)).startsWith("HTTP/1.1 200");
            stream.close();
        }
    }

    private static HttpRequest waiting(WebServer server) {
        return server.request(
                        WebServer.INFERENCE + "GenerateStream",
                        "application/connect+json",
                        Frames.of("{\"model\": \"waiting\", \"prompt\": \"1\"}".getBytes(UTF_8)))
                .header("Authorization", "Bearer " + WebServer.VIEWER)
                .build();
    }

    /** Calls Classify from another address of this machine and returns the first line of the response. */
    private static String statusFrom(String address, WebServer server) throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), server.port(), InetAddress.ofLiteral(address), 0)) {
            socket.getOutputStream()
                    .write(("POST " + CLASSIFY + " HTTP/1.1\r\nHost: 127.0.0.1:" + server.port()
                                    + "\r\nContent-Type: application/json\r\nContent-Length: 14\r\n\r\n"
                                    + "{\"model\": \"m\"}")
                            .getBytes(UTF_8));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
        }
    }

    @Test
    void callsOfOtherProcessesCarryTheTokenOfTheCaller() throws Exception {
        BlockingQueue<String> tokens = new LinkedBlockingQueue<>();
        ServerInterceptor recorder = new ServerInterceptor() {
            @Override
            public <Q, R> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
                tokens.add(String.valueOf(headers.get(TokenCredentials.AUTHORIZATION)));
                return Contexts.interceptCall(Context.current(), call, headers, next);
            }
        };
        Server other = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(new StreamService())
                .intercept(recorder)
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", other.getPort())
                .usePlaintext()
                .build();
        RpcTarget target = new RpcTarget(InferenceServiceGrpc.getServiceDescriptor(), channel);
        try (WebServer server = new WebServer(token(), unlimited(), List.of(target))) {
            HttpResponse<byte[]> response = server.send(classify(server, "m")
                    .header("Authorization", "Bearer " + WebServer.VIEWER)
                    .build());
            assertThat(JSON.readTree(response.body()).path("version").asText()).isEqualTo("models/m/versions/1");
            assertThat(tokens.poll(30, TimeUnit.SECONDS)).isEqualTo("Bearer " + WebServer.VIEWER);
        } finally {
            channel.shutdownNow();
            other.shutdownNow();
        }
    }
}
