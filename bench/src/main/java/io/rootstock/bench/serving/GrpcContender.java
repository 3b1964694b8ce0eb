package io.rootstock.bench.serving;

import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.inference.v1.GenerateStreamRequest;
import io.rootstock.inference.v1.GenerateStreamResponse;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.Sampling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;

/** The inference service, through gRPC. */
final class GrpcContender implements Contender {
    private final Form form;
    private final String model;
    private final FixedRegistry registry;
    private final RunningService service;
    private final InferenceServiceBlockingStub calls;

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
        this.calls = InferenceServiceGrpc.newBlockingStub(service.channel());
    }

    @Override
    public String title() {
        return "rootstock, gRPC (" + form.title() + ")";
    }

    @Override
    public int generate(String prompt, int tokens, Runnable heard) {
        Iterator<GenerateStreamResponse> responses = calls.generateStream(GenerateStreamRequest.newBuilder()
                .setModel(model)
                .setPrompt(prompt)
                .setOptions(GenerationOptions.newBuilder()
                        .setMaximumTokens(tokens)
                        .setIgnoreEndOfText(true)
                        .setBypassPrefixCache(true)
                        .setSampling(Sampling.newBuilder().setTemperature(0)))
                .build());
        int made = 0;
        while (responses.hasNext()) {
            GenerateStreamResponse response = responses.next();
            if (!response.getText().isEmpty()) {
                heard.run();
            }
            made += response.getFinish().getCompletionTokens();
        }
        return made;
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
