package io.rootstock.bench.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import io.rootstock.access.v1.Role;
import io.rootstock.cli.client.Endpoints;
import io.rootstock.cli.installation.Installation;
import io.rootstock.cli.installation.ProjectRoot;
import io.rootstock.cli.installation.Service;
import io.rootstock.cli.installation.ServiceStatus;
import io.rootstock.client.TokenCredentials;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.registry.v1.CreateAccessTokenRequest;
import io.rootstock.registry.v1.CreateJobRequest;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.CreateWebhookRequest;
import io.rootstock.registry.v1.GetJobRequest;
import io.rootstock.registry.v1.GetModelRequest;
import io.rootstock.registry.v1.GetVersionRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.IdentityServiceGrpc;
import io.rootstock.registry.v1.JobServiceGrpc;
import io.rootstock.registry.v1.JobSpec;
import io.rootstock.registry.v1.ListAuditEventsRequest;
import io.rootstock.registry.v1.ListModelsRequest;
import io.rootstock.registry.v1.ListVersionsRequest;
import io.rootstock.registry.v1.ModelServiceGrpc;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.SetAliasRequest;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.registry.v1.Webhook;
import io.rootstock.registry.v1.WebhookServiceGrpc;
import io.rootstock.storage.v1.PruneRequest;
import io.rootstock.storage.v1.StorageServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetServiceGrpc;
import io.rootstock.tokenizer.v1.DatasetSource;
import io.rootstock.tokenizer.v1.DecodeRequest;
import io.rootstock.tokenizer.v1.GetDatasetRequest;
import io.rootstock.tokenizer.v1.ImportTokenizerRequest;
import io.rootstock.tokenizer.v1.PrepareDatasetRequest;
import io.rootstock.tokenizer.v1.ReadDatasetRowsRequest;
import io.rootstock.tokenizer.v1.TokenizerServiceGrpc;
import io.rootstock.tokenizer.v1.TrainTokenizerRequest;
import io.rootstock.trainer.v1.Architecture;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.EstimateRunRequest;
import io.rootstock.trainer.v1.GetRunRequest;
import io.rootstock.trainer.v1.Hyperparameters;
import io.rootstock.trainer.v1.ReadArtifactRequest;
import io.rootstock.trainer.v1.RunSpec;
import io.rootstock.trainer.v1.StartRunRequest;
import io.rootstock.trainer.v1.Task;
import io.rootstock.trainer.v1.TrainerServiceGrpc;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Hostile requests to the services: each is refused with a meant status in bounded time, and all go on serving. */
@Timeout(300)
@Tag("matrix")
class HostileInputsIT {
    private static final String TOKEN = "the-token-of-the-installation";
    private static final String END = "\r\n\r\n";
    private static final int MIN = 60;
    /** A body that does not come is awaited for 30 s. */
    private static final long SLOWEST_SECONDS = 40;

    private static final String ABSENT = "sha256:" + "0".repeat(64);
    private static final Set<Status.Code> REFUSALS = EnumSet.of(
            Status.Code.INVALID_ARGUMENT,
            Status.Code.NOT_FOUND,
            Status.Code.FAILED_PRECONDITION,
            Status.Code.UNAUTHENTICATED,
            Status.Code.PERMISSION_DENIED,
            Status.Code.RESOURCE_EXHAUSTED,
            Status.Code.UNIMPLEMENTED,
            Status.Code.OUT_OF_RANGE);

    @TempDir
    Path folder;

    private final Map<Service, ManagedChannel> channels = new EnumMap<>(Service.class);
    private final Map<String, Supplier<Object>> inputs = new LinkedHashMap<>();
    private Installation installation;

    @Test
    void everyInputIsRefusedAndTheServicesGoOn() throws IOException {
        Path root = ProjectRoot.find();
        for (Service service : Service.values()) {
            assumeThat(service.jar(root)).exists();
        }
        Path tokenFile = Files.writeString(folder.resolve("token"), TOKEN);
        installation = new Installation(
                folder.resolve("home"),
                root,
                OptionalInt.of(0),
                Map.of("rootstock.auth.token-file", tokenFile.toString()));
        installation.start();
        try {
            Endpoints.local(installation)
                    .addresses()
                    .forEach((service, address) -> channels.put(
                            service,
                            NettyChannelBuilder.forTarget(address)
                                    .usePlaintext()
                                    .build()));
            tokens();
            names();
            registry();
            tokenizer();
            trainer();
            inference();
            messages();
            http();
            assertThat(inputs).hasSizeGreaterThanOrEqualTo(MIN);
            assertThat(answered()).isEmpty();
            assertThat(as(TOKEN, ModelServiceGrpc.newBlockingStub(channels.get(Service.REGISTRY)))
                            .listModels(ListModelsRequest.getDefaultInstance())
                            .getModelsList())
                    .isEmpty();
            assertThat(installation.status())
                    .allSatisfy(status -> assertThat(status.health()).isEqualTo(ServiceStatus.Health.SERVING));
        } finally {
            channels.values().forEach(ManagedChannel::shutdownNow);
            installation.stop();
        }
    }

    /** Sends all inputs and returns those that were not refused as they should be. */
    private List<String> answered() {
        List<String> wrong = new ArrayList<>();
        inputs.forEach((name, input) -> {
            long start = System.nanoTime();
            Object answer;
            try {
                answer = input.get();
            } catch (StatusRuntimeException e) {
                answer = e.getStatus();
            }
            boolean refused = switch (answer) {
                case Status status -> REFUSALS.contains(status.getCode()) || isUnparsed(status);
                case Integer http -> http >= 400 && http < 500;
                default -> false;
            };
            double seconds = (System.nanoTime() - start) / 1e9;
            if (!refused || seconds > SLOWEST_SECONDS) {
                wrong.add(name + ": " + answer.toString().lines().findFirst().orElse("") + " after " + seconds + " s");
            }
        });
        return wrong;
    }

    /** Whether gRPC itself could not read the message. */
    private static boolean isUnparsed(Status status) {
        return status.getCode() == Status.Code.UNKNOWN
                && "Application error processing RPC".equals(status.getDescription());
    }

    private void tokens() {
        for (Map.Entry<String, String> header : Map.of(
                        "no scheme", TOKEN,
                        "another scheme", "Basic " + TOKEN,
                        "an empty token", "Bearer ",
                        "a token with one character more", "Bearer " + TOKEN + "x",
                        "a token of 7 KB", "Bearer " + "x".repeat(7000),
                        "an unsigned JWT", "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJsb2NhbCJ9.",
                        "an unknown secret", "Bearer rst_" + "A".repeat(43),
                        "two tokens", "Bearer " + TOKEN + ", Bearer x")
                .entrySet()) {
            for (Service service : List.of(Service.REGISTRY, Service.TRAINER)) {
                inputs.put(service + ": " + header.getKey(), () -> {
                    Metadata headers = new Metadata();
                    headers.put(TokenCredentials.AUTHORIZATION, header.getValue());
                    return ClientCalls.blockingUnaryCall(
                            io.grpc.ClientInterceptors.intercept(
                                    channels.get(service), MetadataUtils.newAttachHeadersInterceptor(headers)),
                            StorageServiceGrpc.getPruneMethod(),
                            CallOptions.DEFAULT,
                            PruneRequest.getDefaultInstance());
                });
            }
        }
    }

    private void names() {
        var models = as(TOKEN, ModelServiceGrpc.newBlockingStub(channels.get(Service.REGISTRY)));
        var datasets = as(TOKEN, DatasetServiceGrpc.newBlockingStub(channels.get(Service.TOKENIZER)));
        for (String id : List.of(
                "../../etc/passwd",
                "%2e%2e%2f",
                "x'; drop table model; --",
                "\u202emodel",
                "x\0y",
                "x".repeat(100_000))) {
            String name = id.length() > 40 ? "a long one" : id.replace("\0", "NUL");
            inputs.put(
                    "model " + name,
                    () -> models.getModel(
                            GetModelRequest.newBuilder().setName("models/" + id).build()));
            inputs.put(
                    "dataset " + name,
                    () -> datasets.getDataset(GetDatasetRequest.newBuilder()
                            .setName("datasets/" + id)
                            .build()));
        }
        for (String name : List.of(
                "models/x/versions/-1", "models/x/versions/99999999999999999999", "x@", "x:0", "models//versions/1")) {
            inputs.put(
                    "version " + name,
                    () -> models.getVersion(
                            GetVersionRequest.newBuilder().setName(name).build()));
        }
    }

    private void registry() {
        ManagedChannel channel = channels.get(Service.REGISTRY);
        var models = as(TOKEN, ModelServiceGrpc.newBlockingStub(channel));
        var jobs = as(TOKEN, JobServiceGrpc.newBlockingStub(channel));
        var identity = as(TOKEN, IdentityServiceGrpc.newBlockingStub(channel));
        var webhooks = as(TOKEN, WebhookServiceGrpc.newBlockingStub(channel));
        inputs.put(
                "a negative page size",
                () -> models.listModels(
                        ListModelsRequest.newBuilder().setPageSize(-1).build()));
        inputs.put(
                "an invalid page token",
                () -> models.listModels(
                        ListModelsRequest.newBuilder().setPageToken("AAAA").build()));
        inputs.put(
                "versions of a list of models",
                () -> models.listVersions(
                        ListVersionsRequest.newBuilder().setModel("models").build()));
        inputs.put(
                "a description of 1 MB",
                () -> models.updateModel(UpdateModelRequest.newBuilder()
                        .setName("models/x")
                        .setDescription("x".repeat(1 << 20))
                        .build()));
        inputs.put("100,000 tags", () -> {
            UpdateModelRequest.Builder request = UpdateModelRequest.newBuilder().setName("models/x");
            for (int i = 0; i < 100_000; i++) {
                request.putTags("k" + i, "");
            }
            return models.updateModel(request.build());
        });
        inputs.put(
                "a version that names an absent artifact 50,000 times",
                () -> models.createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/x")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addAllArtifacts(Collections.nCopies(
                                        50_000,
                                        Artifact.newBuilder()
                                                .setDigest(ABSENT)
                                                .setBytes(Long.MAX_VALUE)
                                                .build())))
                        .build()));
        inputs.put(
                "a version with a path as digest",
                () -> models.createVersion(CreateVersionRequest.newBuilder()
                        .setModel("models/x")
                        .setVersion(Version.newBuilder()
                                .setKind(VersionKind.VERSION_KIND_BASE)
                                .addArtifacts(Artifact.newBuilder().setDigest("sha256:../../../etc/passwd")))
                        .build()));
        inputs.put(
                "the reserved alias latest",
                () -> models.setAlias(SetAliasRequest.newBuilder()
                        .setName("models/x/aliases/latest")
                        .setVersion("models/x/versions/1")
                        .build()));
        inputs.put(
                "a request id of 10,000 characters",
                () -> models.setAlias(SetAliasRequest.newBuilder()
                        .setName("models/x/aliases/production")
                        .setVersion("models/x/versions/1")
                        .setRequestId("x".repeat(10_000))
                        .build()));
        inputs.put(
                "a job without a task",
                () -> jobs.createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder().setOutputModel("models/x"))
                        .build()));
        inputs.put(
                "a job with an infinite learning rate",
                () -> jobs.createJob(CreateJobRequest.newBuilder()
                        .setSpec(JobSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setDataset("datasets/x")
                                .setOutputModel("models/x")
                                .setDollarsPerHour(Double.NaN)
                                .setHyperparameters(
                                        Hyperparameters.newBuilder().setLearningRate(Double.POSITIVE_INFINITY)))
                        .build()));
        inputs.put(
                "a job of a path",
                () -> jobs.getJob(GetJobRequest.newBuilder()
                        .setName("jobs/../../../secret")
                        .build()));
        inputs.put(
                "a user called like the services",
                () -> identity.createPrincipal(CreatePrincipalRequest.newBuilder()
                        .setPrincipal(Principal.newBuilder().setName("serviceAccounts/rootstock"))
                        .build()));
        inputs.put(
                "100,000 grants",
                () -> identity.updateGrants(UpdateGrantsRequest.newBuilder()
                        .setName("users/x")
                        .addAllAdded(Collections.nCopies(
                                100_000,
                                Grant.newBuilder().setRole(Role.ROLE_VIEWER).build()))
                        .build()));
        inputs.put(
                "a grant of an unknown role",
                () -> identity.updateGrants(UpdateGrantsRequest.newBuilder()
                        .setName("users/x")
                        .addAdded(Grant.newBuilder().setRoleValue(99))
                        .build()));
        inputs.put(
                "a token that never expires",
                () -> identity.createAccessToken(CreateAccessTokenRequest.newBuilder()
                        .setPrincipal("users/x")
                        .setLifetime(Duration.newBuilder().setSeconds(Long.MAX_VALUE))
                        .build()));
        inputs.put(
                "audit events since the year 300,000",
                () -> identity.listAuditEvents(ListAuditEventsRequest.newBuilder()
                        .setSince(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE / 2))
                        .build()));
        for (String url : List.of(
                "http://127.0.0.1:1/", "https://[::1]/", "https://169.254.169.254/latest", "file:///etc/passwd")) {
            inputs.put(
                    "a webhook to " + url,
                    () -> webhooks.createWebhook(CreateWebhookRequest.newBuilder()
                            .setWebhook(Webhook.newBuilder().setUrl(url))
                            .build()));
        }
    }

    private void tokenizer() {
        ManagedChannel channel = channels.get(Service.TOKENIZER);
        var tokenizers = as(TOKEN, TokenizerServiceGrpc.newBlockingStub(channel));
        var datasets = as(TOKEN, DatasetServiceGrpc.newBlockingStub(channel));
        inputs.put(
                "a vocabulary of 2^31 tokens",
                () -> first(tokenizers.trainTokenizer(TrainTokenizerRequest.newBuilder()
                        .setName("tokenizers/x")
                        .setVocabularySize(Integer.MAX_VALUE)
                        .addSourceDigests(ABSENT)
                        .build())));
        inputs.put(
                "a tokenizer of a path",
                () -> tokenizers.importTokenizer(ImportTokenizerRequest.newBuilder()
                        .setName("tokenizers/x")
                        .setDigest("sha256:../../x")
                        .build()));
        inputs.put(
                "token ids below zero",
                () -> tokenizers.decode(DecodeRequest.newBuilder()
                        .setTokenizer("tokenizers/x")
                        .addTokenIds(-1)
                        .build()));
        inputs.put(
                "an absent source",
                () -> first(datasets.prepareDataset(PrepareDatasetRequest.newBuilder()
                        .setName("datasets/x")
                        .setTokenizer("tokenizers/x")
                        .addSources(DatasetSource.newBuilder().setName("a").setDigest(ABSENT))
                        .build())));
        inputs.put(
                "rows from a negative position",
                () -> first(datasets.readDatasetRows(ReadDatasetRowsRequest.newBuilder()
                        .setName("datasets/x")
                        .setSkip(-1)
                        .build())));
    }

    private void trainer() {
        var trainer = as(TOKEN, TrainerServiceGrpc.newBlockingStub(channels.get(Service.TRAINER)));
        inputs.put(
                "a run id of a path",
                () -> trainer.getRun(
                        GetRunRequest.newBuilder().setRunId("../../x").build()));
        inputs.put(
                "a run without a spec",
                () -> trainer.startRun(
                        StartRunRequest.newBuilder().setRunId("x").build()));
        inputs.put(
                "an artifact that is a path",
                () -> first(trainer.readArtifact(ReadArtifactRequest.newBuilder()
                        .setArtifact(Artifact.newBuilder().setDigest("../../etc/passwd"))
                        .build())));
        inputs.put(
                "an absent artifact",
                () -> first(trainer.readArtifact(ReadArtifactRequest.newBuilder()
                        .setArtifact(Artifact.newBuilder().setDigest(ABSENT))
                        .build())));
        inputs.put(
                "an estimate of a model of 2^40 dimensions",
                () -> trainer.estimateRun(EstimateRunRequest.newBuilder()
                        .setProbe(true)
                        .setSpec(RunSpec.newBuilder()
                                .setTask(Task.TASK_PRETRAIN)
                                .setArchitecture(Architecture.newBuilder()
                                        .setDepth(Integer.MAX_VALUE)
                                        .setDimension(Integer.MAX_VALUE)
                                        .setHeads(1)))
                        .build()));
    }

    private void inference() {
        var inference = as(TOKEN, InferenceServiceGrpc.newBlockingStub(channels.get(Service.INFERENCE)));
        inputs.put(
                "a model that is not served",
                () -> inference.generate(GenerateRequest.newBuilder()
                        .setModel("../../x")
                        .setPrompt("x")
                        .build()));
        inputs.put(
                "10,000 texts of a model that is not served",
                () -> inference.classify(ClassifyRequest.newBuilder()
                        .setModel("x")
                        .addAllTexts(Collections.nCopies(10_000, "x"))
                        .build()));
    }

    private void messages() {
        inputs.put(
                "a message of 32 MiB",
                () -> raw(Service.TOKENIZER, "rootstock.tokenizer.v1.TokenizerService/Encode", new byte[32 << 20]));
        byte[] garbage = new byte[1000];
        java.util.Arrays.fill(garbage, (byte) 0xff);
        for (Service service : Service.withRpcs()) {
            inputs.put(
                    service + ": bytes that do not parse",
                    () -> raw(service, "rootstock.storage.v1.StorageService/Prune", garbage));
            inputs.put(
                    service + ": a method that does not exist",
                    () -> raw(service, "rootstock.storage.v1.StorageService/DropEverything", new byte[0]));
        }
    }

    private void http() {
        int registry = installation.running(Service.REGISTRY).orElseThrow().httpPort();
        int inference = installation.running(Service.INFERENCE).orElseThrow().httpPort();
        Map<String, String> requests = new LinkedHashMap<>();
        requests.put("GET /artifacts/sha256/../../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n", "registry");
        requests.put(
                "GET /artifacts/sha256/ab/%2e%2e%2f%2e%2e HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN
                        + "\r\n\r\n",
                "registry");
        requests.put("GET /artifacts/sha256/00/" + "0".repeat(62) + " HTTP/1.1\r\nHost: x\r\n\r\n", "registry");
        requests.put("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n", "inference");
        requests.put("GET /v1/models HTTP/1.1\r\nHost: x\r\nX: " + "x".repeat(100_000) + "\r\n\r\n", "inference");
        requests.put("GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n", "inference");
        requests.put(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN
                        + "\r\nContent-Type: application/json\r\nContent-Length: 7\r\n\r\n{\"a\":{{",
                "inference");
        requests.put(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + TOKEN
                        + "\r\nContent-Type: application/json\r\nContent-Length: 99999999999\r\n\r\n",
                "inference");
        requests.put(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked" + END
                        + "0" + END,
                "inference");
        requests.put("NONSENSE\r\n\r\n", "inference");
        requests.forEach((text, service) -> {
            String line = text.lines().findFirst().orElse("");
            inputs.put(
                    "HTTP " + inputs.size() + " " + line.substring(0, Math.min(60, line.length())),
                    () -> status(service.equals("registry") ? registry : inference, text));
        });
    }

    /** Sends the text of a request and returns the status of the response; 400 if the connection is closed instead. */
    private static int status(int port, String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SLOWEST_SECONDS));
            OutputStream out = socket.getOutputStream();
            out.write(request.getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
            String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.ISO_8859_1);
            return line.isEmpty() ? 400 : Integer.parseInt(line.substring(9));
        } catch (IOException e) {
            return e instanceof java.net.SocketTimeoutException ? 599 : 400;
        }
    }

    private Object raw(Service service, String method, byte[] request) {
        MethodDescriptor.Marshaller<byte[]> bytes = new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(byte[] value) {
                return new ByteArrayInputStream(value);
            }

            @Override
            public byte[] parse(InputStream stream) {
                try {
                    return ByteString.readFrom(stream).toByteArray();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
        MethodDescriptor<byte[], byte[]> descriptor = MethodDescriptor.newBuilder(bytes, bytes)
                .setFullMethodName(method)
                .setType(MethodDescriptor.MethodType.UNARY)
                .build();
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + TOKEN);
        return ClientCalls.blockingUnaryCall(
                io.grpc.ClientInterceptors.intercept(
                        channels.get(service), MetadataUtils.newAttachHeadersInterceptor(headers)),
                descriptor,
                CallOptions.DEFAULT.withDeadlineAfter(SLOWEST_SECONDS, TimeUnit.SECONDS),
                request);
    }

    private static Object first(java.util.Iterator<?> answers) {
        return answers.hasNext() ? answers.next() : "nothing";
    }

    private static <S extends io.grpc.stub.AbstractStub<S>> S as(String token, S stub) {
        Metadata headers = new Metadata();
        headers.put(TokenCredentials.AUTHORIZATION, TokenCredentials.SCHEME + token);
        return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }
}
