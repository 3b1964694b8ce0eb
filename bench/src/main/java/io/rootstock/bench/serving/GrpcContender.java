package io.rootstock.bench.serving;

import io.grpc.stub.StreamObserver;
import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceStub;
import io.rootstock.inference.v1.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The inference service, through gRPC. */
final class GrpcContender implements Contender {
    private final Form form;
    private final String model;
    private final FixedRegistry registry;
    private final RunningService service;
    private final InferenceServiceStub calls;

    GrpcContender(Form form, Path home, ServingModel model, Setting setting) throws IOException {
        this.form = form;
        this.model = model.name();
        // What it served last is none of this run's business.
        Files.deleteIfExists(home.resolve("inference").resolve("served.json"));
        this.registry = new FixedRegistry(List.of(model.version()));
        this.service = new RunningService(
                form,
                home,
                registry.port(),
                "rootstock.inference.variant=" + model.kind().name().replace("ARTIFACT_KIND_GGUF_", ""),
                "rootstock.inference.exact=false",
                "rootstock.inference.slots=" + setting.slots(),
                "rootstock.inference.context-limit=" + setting.contextLength(),
                "rootstock.inference.threads=" + setting.threads());
        service.firstToken(this.model);
        this.calls = InferenceServiceGrpc.newStub(service.channel()).withExecutor(Runnable::run);
    }

    @Override
    public String title() {
        return "rootstock, gRPC (" + form.title() + ")";
    }

    @Override
    public int generate(String prompt, int tokens, Runnable heard) {
        Answer answer = new Answer(heard);
        calls.generateStream(
                GenerateStreamRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(prompt)
                        .setOptions(GenerationOptions.newBuilder()
                                .setMaximumTokens(tokens)
                                .setIgnoreEndOfText(true)
                                .setBypassPrefixCache(true)
                                .setSampling(Sampling.newBuilder().setTemperature(0)))
                        .build(),
                answer);
        return answer.tokens.join();
    }

    /**
     * Heard on the connection's own thread: a second one to be woken for each message would take a core from the service,
     * which shares this machine, and the client of the other side has none either.
     */
    private static final class Answer implements StreamObserver<GenerateStreamResponse> {
        private final CompletableFuture<Integer> tokens = new CompletableFuture<>();
        private final Runnable heard;
        private int made;

        Answer(Runnable heard) {
            this.heard = heard;
        }

        @Override
        public void onNext(GenerateStreamResponse response) {
            if (!response.getText().isEmpty()) {
                heard.run();
            }
            made += response.getFinish().getCompletionTokens();
        }

        @Override
        public void onError(Throwable failure) {
            tokens.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            tokens.complete(made);
        }
    }

    @Override
    public ProcessHandle process() {
        return service.process();
    }

    @Override
    public void close() {
        service.close();
        registry.close();
    }
}
