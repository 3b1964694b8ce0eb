package io.rootstock.bench.serving;

import io.grpc.stub.StreamObserver;
import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.inference.v1.ChatStreamRequest;
import io.rootstock.inference.v1.ChatStreamResponse;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceStub;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ToIntFunction;

/** The inference service, through gRPC. */
final class GrpcContender implements TextContender {
    /** Format of the prompts. */
    enum Prompts {
        /** Prompt without a chat template. */
        TEXT,
        /** A user's message, rendered by the model's chat template. */
        CHAT
    }

    private final Form form;
    private final String model;
    private final FixedRegistry registry;
    private final RunningService service;
    private final InferenceServiceStub calls;
    private final Prompts prompts;

    GrpcContender(Form form, Path home, ServingModel model, Setting setting, Prompts prompts) throws IOException {
        this.form = form;
        this.prompts = prompts;
        this.model = model.name();
        // State of an earlier run must not affect this run.
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
        return generate(prompt, tokens, (String _) -> heard.run());
    }

    @Override
    public String text(String prompt, int tokens) {
        StringBuilder text = new StringBuilder();
        generate(prompt, tokens, (Consumer<String>) text::append);
        return text.toString();
    }

    private int generate(String prompt, int tokens, Consumer<String> heard) {
        GenerationOptions options = GenerationOptions.newBuilder()
                .setMaxTokens(tokens)
                .setIgnoreEndOfText(true)
                .setBypassPrefixCache(true)
                .setSampling(Sampling.newBuilder().setTemperature(0))
                .build();
        CompletableFuture<Integer> count = new CompletableFuture<>();
        switch (prompts) {
            case TEXT -> {
                GenerateStreamRequest request = GenerateStreamRequest.newBuilder()
                        .setModel(model)
                        .setPrompt(prompt)
                        .setOptions(options)
                        .build();
                calls.generateStream(
                        request,
                        new Answer<>(
                                heard,
                                count,
                                GenerateStreamResponse::getText,
                                response -> response.getFinish().getCompletionTokens()));
            }
            case CHAT -> {
                ChatStreamRequest request = ChatStreamRequest.newBuilder()
                        .setModel(model)
                        .addMessages(Message.newBuilder().setRole("user").setContent(prompt))
                        .setOptions(options)
                        .build();
                calls.chatStream(
                        request,
                        new Answer<>(
                                heard,
                                count,
                                ChatStreamResponse::getText,
                                response -> response.getFinish().getCompletionTokens()));
            }
        }
        return count.join();
    }

    /**
     * Runs on the connection's thread: waking a second thread for each message would take a core from the service,
     * which shares this machine; the clients of the other contenders have no second thread either.
     *
     * @param <R> message type of the stream
     */
    private static final class Answer<R> implements StreamObserver<R> {
        private final Consumer<String> heard;
        private final CompletableFuture<Integer> count;
        private final Function<R, String> text;
        private final ToIntFunction<R> completionTokens;
        private int tokens;

        Answer(
                Consumer<String> heard,
                CompletableFuture<Integer> count,
                Function<R, String> text,
                ToIntFunction<R> completionTokens) {
            this.heard = heard;
            this.count = count;
            this.text = text;
            this.completionTokens = completionTokens;
        }

        @Override
        public void onNext(R response) {
            String piece = text.apply(response);
            if (!piece.isEmpty()) {
                heard.accept(piece);
            }
            tokens += completionTokens.applyAsInt(response);
        }

        @Override
        public void onError(Throwable failure) {
            count.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            count.complete(tokens);
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
