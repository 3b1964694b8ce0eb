package io.rootstock.service.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Connections of an HTTP server without tokens. */
@Timeout(30)
class ConnectionTest {
    private static final int SLOW = 1_500;

    private final Vertx vertx = Vertx.vertx();
    private HttpServer server;

    @BeforeEach
    void start() {
        WebSettings settings = new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(WebSettings.class)
                .withSources(new PropertiesConfigSource(Map.of("rootstock.web.head-timeout", "500ms"), "test", 1))
                .build()
                .getConfigMapping(WebSettings.class);
        HttpServerOptions options = new HttpServerOptions();
        HeadTimeout timeout = new HeadTimeout(settings);
        timeout.customizeHttpServer(options);
        Router router = Router.router(vertx);
        timeout.register(router);
        new RequestOrigin(false, List.of(), List.of("proxy.example")).register(router);
        router.get("/fast").handler(routing -> routing.response().end("fast answer"));
        router.get("/slow")
                .handler(routing -> vertx.setTimer(SLOW, _ -> routing.response().end("slow answer")));
        server = vertx.createHttpServer(options)
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aPartialRequestHeadDoesNotKeepAConnectionOpen() throws IOException {
        assertThat(exchange("GET /fast HTTP/1.1\r\nHost: local")).isEmpty();
        assertThat(exchange("")).isEmpty();
    }

    @Test
    void aRequestMayTakeLongerThanItsHead() throws IOException {
        assertThat(exchange(get("/slow", "localhost")))
                .startsWith("HTTP/1.1 200 ")
                .endsWith("slow answer");
    }

    @Test
    void aConnectionIsKeptForTheNextRequest() throws IOException {
        assertThat(exchange(get("/slow", "localhost").replace("Connection: close\r\n", "") + get("/slow", "localhost")))
                .containsSubsequence("slow answer", "slow answer");
    }

    @Test
    void everyPathRefusesTheNamesOfOtherMachines() throws IOException {
        for (String path : List.of("/fast", "/none")) {
            assertThat(exchange(get(path, "evil.example")))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("\"code\":\"permission_denied\"", "not at evil.example", "rootstock.web.hosts");
        }
        for (String host :
                List.of("localhost", "console.localhost:80", "127.0.0.1:80", "[::1]:80", "Proxy.Example:80")) {
            assertThat(exchange(get("/fast", host))).as(host).startsWith("HTTP/1.1 200 ");
        }
    }

    private static String get(String path, String host) {
        return "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n";
    }

    /** Sends bytes, and reads until the server closes the connection. */
    private String exchange(String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
