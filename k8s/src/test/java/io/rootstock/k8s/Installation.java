package io.rootstock.k8s;

import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Services and settings that the manifests must agree with. */
final class Installation {
    static final List<String> SERVICES = List.of("registry", "tokenizer", "trainer", "inference");

    /** Service to the gRPC services in its health responses. */
    static final Map<String, Set<String>> HEALTH_NAMES = Map.of(
            "registry", Set.of(ModelServiceGrpc.SERVICE_NAME, JobServiceGrpc.SERVICE_NAME),
            "tokenizer",
                    Set.of(
                            TokenizerServiceGrpc.SERVICE_NAME,
                            DatasetServiceGrpc.SERVICE_NAME,
                            SourceServiceGrpc.SERVICE_NAME),
            "trainer", Set.of(TrainerServiceGrpc.SERVICE_NAME),
            "inference", Set.of(InferenceServiceGrpc.SERVICE_NAME, ControlServiceGrpc.SERVICE_NAME));

    private Installation() {}
}
