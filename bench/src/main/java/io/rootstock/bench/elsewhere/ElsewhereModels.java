package io.rootstock.bench.elsewhere;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.rootstock.bench.service.FixedRegistry;
import io.rootstock.bench.service.Form;
import io.rootstock.bench.service.RunningService;
import io.rootstock.inference.v1.ChatRequest;
import io.rootstock.inference.v1.Classification;
import io.rootstock.inference.v1.ClassifyRequest;
import io.rootstock.inference.v1.GenerateRequest;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.InferenceServiceGrpc;
import io.rootstock.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.rootstock.inference.v1.ListServedModelsRequest;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.inference.v1.ServedState;
import io.rootstock.registry.v1.Version;
import io.rootstock.registry.v1.VersionKind;
import io.rootstock.trainer.v1.Artifact;
import io.rootstock.trainer.v1.ArtifactKind;
import io.rootstock.trainer.v1.TuningMethod;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Trains the models, serves them with the packaged service in float32, and writes into a folder, for each model, its
 * exports and {@code expected.json}: the service's responses to {@link Questions}.
 */
public final class ElsewhereModels {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int GREEDY_TOKENS = 48;
    private static final int TEXTS = 300;
    private static final int TEXTS_AT_ONCE = 50;
    private static final long START_SECONDS = 120;

    private final Path target;
    private final TrainedModels models;
    private final Map<String, List<Artifact>> trained = new LinkedHashMap<>();

    private ElsewhereModels(Path home, Path target) throws IOException {
        this.target = target;
        this.models = new TrainedModels(home);
    }

    /** Arguments: the output folder, and a working folder. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(arguments[1]);
        ElsewhereModels elsewhere = new ElsewhereModels(home, Path.of(arguments[0]));
        elsewhere.train();
        elsewhere.answer(home);
    }

    private void train() throws IOException, InterruptedException {
        trained.put("base", models.base());
        trained.put("instruction", models.instruction("instruction", TuningMethod.TUNING_METHOD_FULL));
        trained.put("classifier", models.classifier());
        trained.put("lora", models.instruction("lora", TuningMethod.TUNING_METHOD_LORA));
        for (Map.Entry<String, List<Artifact>> model : trained.entrySet()) {
            Path folder = Files.createDirectories(target.resolve(model.getKey()));
            models.folder(model.getValue(), ArtifactKind.ARTIFACT_KIND_HUGGING_FACE, folder.resolve("huggingface"));
            Files.copy(
                    models.file(model.getValue(), ArtifactKind.ARTIFACT_KIND_GGUF_F32), folder.resolve("model.gguf"));
        }
        exportAdapter();
    }

    /** Exports as {@code rootstock models export}: the base is beside the adapter, whose settings contain its path. */
    private void exportAdapter() throws IOException {
        Path folder = target.resolve("lora");
        Path base = folder.resolve("base");
        models.folder(trained.get("base"), ArtifactKind.ARTIFACT_KIND_HUGGING_FACE, base);
        Path stored =
                models.folder(trained.get("lora"), ArtifactKind.ARTIFACT_KIND_PEFT_ADAPTER, folder.resolve("stored"));
        Path adapter = Files.createDirectories(folder.resolve("adapter"));
        Files.copy(stored.resolve("adapter_model.safetensors"), adapter.resolve("adapter_model.safetensors"));
        ObjectNode settings = (ObjectNode) JSON.readTree(Files.readString(stored.resolve("adapter_config.json")));
        settings.put("base_model_name_or_path", base.toAbsolutePath().toString());
        JSON.writeValue(adapter.resolve("adapter_config.json").toFile(), settings);
    }

    private void answer(Path home) throws IOException, InterruptedException {
        List<Version> versions = new ArrayList<>();
        trained.forEach((name, artifacts) -> versions.add(version(name, artifacts)));
        try (FixedRegistry registry = new FixedRegistry(versions);
                RunningService service = new RunningService(Form.best(), home, registry.port())) {
            service.firstAnswer();
            InferenceServiceBlockingStub calls = InferenceServiceGrpc.newBlockingStub(service.channel());
            awaitLoaded(calls, versions.size());
            for (String name : trained.keySet()) {
                ObjectNode expected = JSON.createObjectNode();
                switch (name) {
                    case "classifier" -> labels(calls, name, expected);
                    case "base" -> continuations(calls, name, expected);
                    default -> {
                        continuations(calls, name, expected);
                        chats(calls, name, expected);
                    }
                }
                JSON.writerWithDefaultPrettyPrinter()
                        .writeValue(
                                target.resolve(name).resolve("expected.json").toFile(), expected);
            }
        }
    }

    private static void awaitLoaded(InferenceServiceBlockingStub calls, int count) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (calls.listServedModels(ListServedModelsRequest.getDefaultInstance()).getModelsList().stream()
                        .filter(model -> model.getState() == ServedState.SERVED_STATE_READY)
                        .count()
                < count) {
            if (System.nanoTime() > end) {
                throw new IllegalStateException("not all models were loaded in " + START_SECONDS + " s: "
                        + calls.listServedModels(ListServedModelsRequest.getDefaultInstance()));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    private static Version version(String name, List<Artifact> artifacts) {
        return Version.newBuilder()
                .setName("models/" + name + "/versions/1")
                .setKind(
                        switch (name) {
                            case "base" -> VersionKind.VERSION_KIND_BASE;
                            case "classifier" -> VersionKind.VERSION_KIND_CLASSIFIER;
                            default -> VersionKind.VERSION_KIND_INSTRUCT;
                        })
                .setJob("jobs/" + name)
                .addAllArtifacts(artifacts.stream()
                        .filter(artifact -> artifact.getKind() == ArtifactKind.ARTIFACT_KIND_GGUF_F32
                                || artifact.getKind() == ArtifactKind.ARTIFACT_KIND_CLASSIFIER_HEAD)
                        .toList())
                .build();
    }

    private static GenerationOptions greedy() {
        return GenerationOptions.newBuilder()
                .setMaxTokens(GREEDY_TOKENS)
                .setSampling(Sampling.newBuilder().setTemperature(0))
                .build();
    }

    private static void continuations(InferenceServiceBlockingStub calls, String model, ObjectNode expected)
            throws IOException {
        for (String prompt : Questions.prompts()) {
            expected.withArray("continuations")
                    .addObject()
                    .put("prompt", prompt)
                    .put(
                            "text",
                            calls.generate(GenerateRequest.newBuilder()
                                            .setModel(model)
                                            .setPrompt(prompt)
                                            .setOptions(greedy())
                                            .build())
                                    .getCompletions(0)
                                    .getText());
        }
    }

    private static void chats(InferenceServiceBlockingStub calls, String model, ObjectNode expected)
            throws IOException {
        for (List<Questions.Turn> conversation : Questions.conversations()) {
            ChatRequest.Builder request =
                    ChatRequest.newBuilder().setModel(model).setOptions(greedy());
            ObjectNode chat = expected.withArray("chats").addObject();
            for (Questions.Turn turn : conversation) {
                request.addMessages(Message.newBuilder().setRole(turn.role()).setContent(turn.content()));
                chat.withArray("messages").addObject().put("role", turn.role()).put("content", turn.content());
            }
            chat.put(
                    "text",
                    calls.chat(request.build()).getAnswers(0).getMessage().getContent());
        }
    }

    private void labels(InferenceServiceBlockingStub calls, String model, ObjectNode expected) throws IOException {
        List<String> texts = models.unseenMessages(TEXTS);
        for (int from = 0; from < texts.size(); from += TEXTS_AT_ONCE) {
            List<String> some = texts.subList(from, Math.min(texts.size(), from + TEXTS_AT_ONCE));
            List<Classification> classes = calls.classify(ClassifyRequest.newBuilder()
                            .setModel(model)
                            .addAllTexts(some)
                            .build())
                    .getClassificationsList();
            for (int i = 0; i < some.size(); i++) {
                expected.withArray("labels")
                        .addObject()
                        .put("text", some.get(i))
                        .put("label", classes.get(i).getLabel());
            }
        }
    }
}
