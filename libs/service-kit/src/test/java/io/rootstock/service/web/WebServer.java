package io.rootstock.service.web;

import io.grpc.BindableService;
import io.grpc.ServerInterceptor;
import io.rootstock.access.v1.Role;
import io.rootstock.service.BearerToken;
import io.rootstock.service.CommonSettings;
import io.rootstock.service.ErrorInterceptor;
import io.rootstock.service.access.AuditLog;
import io.rootstock.service.access.Authentication;
import io.rootstock.service.access.AuthenticationInterceptor;
import io.rootstock.service.access.AuthorizationInterceptor;
import io.rootstock.service.access.Caller;
import io.rootstock.service.access.Caller.Grant;
import io.rootstock.service.access.CallerSource;
import io.rootstock.service.access.RateLimit;
import io.rootstock.service.access.ResourceScopes;
import io.rootstock.service.web.ForwardedServices.RpcTarget;
import io.rootstock.service.web.WebCredentials.HeaderCredentials;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;

/** The route with the interceptors of a service, on an HTTP server of its own. */
final class WebServer implements AutoCloseable {
    static final String INFERENCE = "/rootstock.inference.v1.InferenceService/";
    static final String VIEWER = "viewer-0123456789";

    final BlockingQueue<AuditLog.Entry> audited = new LinkedBlockingQueue<>();
    final BlockingQueue<String> ended = new LinkedBlockingQueue<>();
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final LocalCalls local;
    private final HttpServer server;

    /** Serves without tokens, and without limits that a test reaches. */
    WebServer(BindableService... services) {
        this(Optional.empty(), new RequestMemory(100, 1L << 30), List.of(), services);
    }

    /** @param token file with the installation's token; empty: none is required */
    WebServer(Optional<Path> token, RequestMemory memory, List<RpcTarget> forwarded, BindableService... services) {
        Authentication authentication = new Authentication(bearer(token), new Tokens());
        List<ServerInterceptor> interceptors = List.of(
                new ErrorInterceptor(),
                new AuthorizationInterceptor(new ResourceScopes() {}, new Log()),
                new AuthenticationInterceptor(authentication, new RateLimit()));
        local = new LocalCalls(List.of(services), interceptors);
        List<RpcTarget> targets = Stream.concat(
                        local.services().stream().map(service -> new RpcTarget(service, local.channel())),
                        forwarded.stream())
                .toList();
        Router router = Router.router(vertx);
        new RpcRoute(
                        new RpcDirectory(targets, local.channel()),
                        authentication,
                        new HeaderCredentials(),
                        new RequestOrigin(token.isPresent(), List.of(), List.of()),
                        memory)
                .register(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    int port() {
        return server.actualPort();
    }

    HttpRequest.Builder request(String path, String type, byte[] body) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", type)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    }

    HttpResponse<byte[]> send(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Sends a request and returns once the response has begun. */
    HttpResponse<InputStream> open(HttpRequest request) throws Exception {
        return client.send(request, HttpResponse.BodyHandlers.ofInputStream());
    }

    @Override
    public void close() {
        client.shutdownNow();
        vertx.close().toCompletionStage().toCompletableFuture().join();
        local.close();
    }

    private static BearerToken bearer(Optional<Path> token) {
        Map<String, String> settings = new HashMap<>(Map.of("user.home", "/nowhere"));
        token.ifPresent(file -> settings.put("rootstock.auth.token-file", file.toString()));
        return new BearerToken(new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .addDiscoveredConverters()
                .withMapping(CommonSettings.class)
                .withSources(new PropertiesConfigSource(settings, "test", 1))
                .build()
                .getConfigMapping(CommonSettings.class));
    }

    /** Knows one viewer. */
    private static final class Tokens implements CallerSource {
        @Override
        public Optional<Caller> find(String token) {
            return token.equals(VIEWER)
                    ? Optional.of(new Caller("users/vera", List.of(new Grant(Role.ROLE_VIEWER, "")), Optional.empty()))
                    : Optional.empty();
        }

        @Override
        public Duration freshness() {
            return Duration.ofMinutes(1);
        }
    }

    private final class Log implements AuditLog {
        @Override
        public long begin(Entry entry) {
            audited.add(entry);
            return 1;
        }

        @Override
        public void end(long number, String status, String after) {
            ended.add(status);
        }
    }
}
