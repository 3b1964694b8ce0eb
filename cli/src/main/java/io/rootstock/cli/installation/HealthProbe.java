package io.rootstock.cli.installation;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.rootstock.cli.installation.ServiceStatus.Health;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Checks the health of a service on the loopback interface: through grpc.health.v1, or over HTTP without a gRPC server. */
final class HealthProbe {
    private static final int DEADLINE_SECONDS = 2;
    private static final String READINESS = "/q/health/ready";
    private static final int OK = 200;

    private HealthProbe() {}

    static Health check(Service service, ProcessRecord running) {
        return service.hasRpcs() ? checkRpc(service, running.grpcPort()) : checkHttp(running.httpPort());
    }

    private static Health checkHttp(int port) {
        Duration deadline = Duration.ofSeconds(DEADLINE_SECONDS);
        try (HttpClient client = HttpClient.newBuilder()
                .connectTimeout(deadline)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + READINESS))
                    .timeout(deadline)
                    .build();
            int status =
                    client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            return status == OK ? Health.SERVING : Health.NOT_SERVING;
        } catch (IOException unreachable) {
            return Health.UNREACHABLE;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Health.UNREACHABLE;
        }
    }

    private static Health checkRpc(Service service, int grpcPort) {
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", grpcPort)
                .usePlaintext()
                .build();
        try {
            ServingStatus status = HealthGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                    .check(HealthCheckRequest.newBuilder()
                            .setService(service.healthName())
                            .build())
                    .getStatus();
            return status == ServingStatus.SERVING ? Health.SERVING : Health.NOT_SERVING;
        } catch (StatusRuntimeException unreachable) {
            return switch (unreachable.getStatus().getCode()) {
                case NOT_FOUND -> Health.NOT_SERVING;
                default -> Health.UNREACHABLE;
            };
        } finally {
            channel.shutdownNow();
        }
    }
}
