package io.rootstock.k8s;

import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Services and settings that the manifests must agree with. */
final class Installation {
    static final List<String> SERVICES = List.of("registry", "tokenizer", "trainer", "inference", "evaluator");

    /** The services with a gRPC server. */
    static final List<String> WITH_RPCS = List.of("registry", "tokenizer", "trainer", "inference");

    /** Service with a gRPC server to the gRPC services in its health responses. */
    static final Map<String, Set<String>> HEALTH_NAMES = Map.of(
            "registry", Set.of(ModelServiceGrpc.SERVICE_NAME, JobServiceGrpc.SERVICE_NAME),
            "tokenizer",
                    Set.of(
                            TokenizerServiceGrpc.SERVICE_NAME,
                            DatasetServiceGrpc.SERVICE_NAME,
                            SourceServiceGrpc.SERVICE_NAME),
            "trainer", Set.of(TrainerServiceGrpc.SERVICE_NAME),
            "inference", Set.of(InferenceServiceGrpc.SERVICE_NAME, ControlServiceGrpc.SERVICE_NAME));

    /** Paths of the health of a service without a gRPC server, by probe. */
    static final Map<String, String> HEALTH_PATHS = Map.of(
            "startupProbe", "/q/health/started",
            "readinessProbe", "/q/health/ready",
            "livenessProbe", "/q/health/live");

    private Installation() {}

    /** Ports of the code: gRPC if the service has it, then HTTP. */
    static List<Integer> ports(String service) throws IOException {
        int http = ManifestsTest.port(service, "quarkus.http.port");
        return WITH_RPCS.contains(service)
                ? List.of(ManifestsTest.port(service, "quarkus.grpc.server.port"), http)
                : List.of(http);
    }
}
