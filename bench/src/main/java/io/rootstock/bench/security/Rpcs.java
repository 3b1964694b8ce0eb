package io.rootstock.bench.security;

import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.rootstock.cli.installation.Service;
import io.rootstock.evaluation.v1.EvaluationServiceGrpc;
import io.rootstock.evaluation.v1.EvaluatorServiceGrpc;
import io.rootstock.evaluation.v1.GateServiceGrpc;
import io.rootstock.evaluation.v1.SuiteServiceGrpc;
import io.rootstock.inference.openinference.GRPCInferenceServiceGrpc;
import io.rootstock.inference.v1.ControlServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.AdminServiceGrpc;
import io.rootstock.registry.v1.CanaryServiceGrpc;
import io.rootstock.registry.v1.FileServiceGrpc;
import io.rootstock.registry.v1.FineTuningServiceGrpc;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.QuotaServiceGrpc;
import io.rootstock.registry.v1.ResourceServiceGrpc;
import io.rootstock.registry.v1.RunLeaseServiceGrpc;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.storage.v1.ReferenceServiceGrpc;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.tokenizer.v1.CorpusServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.SourceServiceGrpc;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.trainer.v1.RunWorkerServiceGrpc;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The RPCs of the services, and the role that {@code roles.txt} states for each. */
public final class Rpcs {
    private Rpcs() {}

    /** Returns the gRPC services of a service. */
    public static List<ServiceDescriptor> services(Service service) {
        return switch (service) {
            case TOKENIZER ->
                List.of(
                        TokenizerServiceGrpc.getServiceDescriptor(),
                        DatasetServiceGrpc.getServiceDescriptor(),
                        SourceServiceGrpc.getServiceDescriptor(),
                        CorpusServiceGrpc.getServiceDescriptor(),
                        ReferenceServiceGrpc.getServiceDescriptor(),
                        StorageServiceGrpc.getServiceDescriptor());
            case TRAINER ->
                List.of(
                        TrainerServiceGrpc.getServiceDescriptor(),
                        RunWorkerServiceGrpc.getServiceDescriptor(),
                        ReferenceServiceGrpc.getServiceDescriptor(),
                        StorageServiceGrpc.getServiceDescriptor());
            case REGISTRY ->
                List.of(
                        ModelServiceGrpc.getServiceDescriptor(),
                        AdminServiceGrpc.getServiceDescriptor(),
                        JobServiceGrpc.getServiceDescriptor(),
                        QuotaServiceGrpc.getServiceDescriptor(),
                        FileServiceGrpc.getServiceDescriptor(),
                        FineTuningServiceGrpc.getServiceDescriptor(),
                        WebhookServiceGrpc.getServiceDescriptor(),
                        ResourceServiceGrpc.getServiceDescriptor(),
                        IdentityServiceGrpc.getServiceDescriptor(),
                        SuiteServiceGrpc.getServiceDescriptor(),
                        EvaluationServiceGrpc.getServiceDescriptor(),
                        EvaluatorServiceGrpc.getServiceDescriptor(),
                        GateServiceGrpc.getServiceDescriptor(),
                        CanaryServiceGrpc.getServiceDescriptor(),
                        RunLeaseServiceGrpc.getServiceDescriptor(),
                        StorageServiceGrpc.getServiceDescriptor());
            case INFERENCE ->
                List.of(
                        GRPCInferenceServiceGrpc.getServiceDescriptor(),
                        InferenceServiceGrpc.getServiceDescriptor(),
                        StorageServiceGrpc.getServiceDescriptor(),
                        // Last: it has Drain.
                        ControlServiceGrpc.getServiceDescriptor());
            case EVALUATOR -> List.of();
        };
    }

    /** Returns the name of an RPC in the table, such as {@code ModelService/GetModel}. */
    public static String name(MethodDescriptor<?, ?> method) {
        return method.getServiceName().replaceAll(".*\\.", "") + "/" + method.getBareMethodName();
    }

    /** Returns the role of each RPC: viewer, trainer, promoter, admin, or any. */
    public static Map<String, String> roles() {
        Map<String, String> roles = new LinkedHashMap<>();
        try (InputStream in = Rpcs.class.getResourceAsStream("/roles.txt")) {
            for (String line : new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList()) {
                if (!line.startsWith("#")) {
                    int blank = line.indexOf(' ');
                    roles.put(line.substring(0, blank), line.substring(blank + 1));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return roles;
    }
}
