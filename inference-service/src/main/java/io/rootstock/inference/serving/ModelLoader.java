package io.rootstock.inference.serving;

import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.ArtifactStore;
import io.rootstock.artifacts.Digest;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.checkpoint.ClassifierHead;
import io.rootstock.checkpoint.GgufValidator;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.config.Variant;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineOptions;
import io.rootstock.inference.engine.GenerationEngine;
import io.rootstock.inference.engine.GenerationRequest;
import io.rootstock.inference.engine.Output;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaException;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Loads a version: its artifacts are hashed again, the GGUF file is validated in Java (a broken one could end the process
 * inside llama.cpp), then loaded and warmed up with one token.
 */
final class ModelLoader {
    private final Llama llama;
    private final ArtifactStore store;
    private final Compute compute;
    private final InferenceSettings settings;
    private final ServingMetrics metrics;

    ModelLoader(Llama llama, ArtifactStore store, Compute compute, InferenceSettings settings, ServingMetrics metrics) {
        this.llama = llama;
        this.store = store;
        this.compute = compute;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** The number format to serve. */
    Variant variant() {
        return settings.variant();
    }

    /**
     * Loads and warms a version.
     *
     * @throws LoadException where it cannot be served
     */
    LoadedModel load(ServedVersion version) {
        try {
            Path gguf = store.verified(Digest.parse(version.gguf()));
            GgufValidator.validate(gguf);
            Optional<Classifier> classifier =
                    version.kind() == ModelKind.CLASSIFIER ? Optional.of(head(version)) : Optional.empty();
            LlamaModel model = llama.load(gguf);
            LoadedModel loaded;
            try {
                requireUsable(model, version, classifier);
                loaded = new LoadedModel(
                        version,
                        model,
                        compute,
                        options(model),
                        settings.textQueue(),
                        classifier,
                        metrics.engine(version.model()));
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
            return warmed(loaded);
        } catch (ArtifactException
                | InvalidCheckpointException
                | LlamaException
                | ChatTemplateException
                | IOException e) {
            throw new LoadException(version.name() + " cannot be served: " + e.getMessage(), e);
        }
    }

    private Classifier head(ServedVersion version) throws IOException {
        return new Classifier(ClassifierHead.read(store.verified(Digest.parse(version.head()))));
    }

    private static void requireUsable(LlamaModel model, ServedVersion version, Optional<Classifier> classifier) {
        if (model.beginOfText() < 0 || model.endOfText() < 0) {
            throw new LoadException(version.name() + " has no begin-of-text or end-of-text token");
        }
        classifier.ifPresent(head -> {
            if (head.head().dimension() != model.dimension()) {
                throw new LoadException(version.name() + " has a head for hidden states of "
                        + head.head().dimension() + " values, the model's have " + model.dimension());
            }
            if (head.maximumTokens() < 2 || head.maximumTokens() > model.trainedContextLength()) {
                throw new LoadException(version.name() + " has a head for texts of " + head.maximumTokens()
                        + " tokens, the model reads " + model.trainedContextLength());
            }
        });
    }

    private EngineOptions options(LlamaModel model) {
        EngineOptions options = new EngineOptions(
                settings.slots(),
                settings.queue(),
                Math.min(settings.contextLimit(), model.trainedContextLength()),
                settings.prefillChunk(),
                settings.exact(),
                settings.stallLimit());
        return settings.queueTokens().isPresent()
                ? options.withQueuedTokens(settings.queueTokens().getAsLong())
                : options;
    }

    /** One token through the path that requests take: memory is touched and kernels are chosen before traffic comes. */
    private static LoadedModel warmed(LoadedModel loaded) {
        try {
            int[] tokens = loaded.wholeText("warm", 8).tokens();
            if (loaded.generation().isPresent()) {
                generateOne(loaded.generation().get(), tokens);
            } else {
                loaded.reader().read(List.of(tokens));
            }
            return loaded;
        } catch (RuntimeException e) {
            loaded.retire();
            throw new LoadException(loaded.version().name() + " cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static void generateOne(GenerationEngine engine, int[] tokens) {
        var generation = engine.submit(GenerationRequest.of(tokens, 1, SamplerOptions.GREEDY))
                .getFirst();
        try {
            Output output = generation.next();
            while (output instanceof Output.Text) {
                output = generation.next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted while warming up", e);
        }
    }
}
