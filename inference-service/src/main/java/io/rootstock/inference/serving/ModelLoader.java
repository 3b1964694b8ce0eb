package io.rootstock.inference.serving;

import io.rootstock.artifacts.ArtifactCache;
import io.rootstock.artifacts.ArtifactException;
import io.rootstock.artifacts.Digest;
import io.rootstock.artifacts.FetchProgress;
import io.rootstock.chat.ChatTemplateException;
import io.rootstock.checkpoint.InvalidCheckpointException;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.gguf.GgufAdapterValidator;
import io.rootstock.checkpoint.gguf.GgufShape;
import io.rootstock.checkpoint.gguf.GgufSpecialTokens;
import io.rootstock.checkpoint.gguf.GgufValidator;
import io.rootstock.checkpoint.huggingface.ClassifierHead;
import io.rootstock.inference.config.InferenceSettings;
import io.rootstock.inference.config.SwapPolicy;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.scheduling.EngineOptions;
import io.rootstock.inference.engine.scheduling.Generation;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.engine.scheduling.GenerationRequest;
import io.rootstock.inference.engine.scheduling.Output;
import io.rootstock.inference.metrics.ServingMetrics;
import io.rootstock.inference.model.Classifier;
import io.rootstock.inference.model.LoadException;
import io.rootstock.inference.model.LoadedModel;
import io.rootstock.inference.model.ModelKind;
import io.rootstock.inference.model.ServedVersion;
import io.rootstock.llama.Llama;
import io.rootstock.llama.LlamaException;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.trainer.v1.GgufFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Loads a version: hashes its artifacts again, validates the GGUF file in Java (a malformed file could abort the
 * process inside llama.cpp), loads it and warms it up with one token.
 */
final class ModelLoader {
    private final Llama llama;
    private final ArtifactCache artifacts;
    private final FirstLoads firstLoads;
    private final Memory memory;
    private final Compute compute;
    private final InferenceSettings settings;
    private final ServingMetrics metrics;

    ModelLoader(
            Llama llama,
            ArtifactCache artifacts,
            FirstLoads firstLoads,
            Memory memory,
            Compute compute,
            InferenceSettings settings,
            ServingMetrics metrics) {
        this.llama = llama;
        this.artifacts = artifacts;
        this.firstLoads = firstLoads;
        this.memory = memory;
        this.compute = compute;
        this.settings = settings;
        this.metrics = metrics;
    }

    /** The quantization to serve. */
    GgufFile variant() {
        return settings.variant();
    }

    /** Delay after a failed load of a version before the next attempt. */
    Duration retry() {
        return settings.loadRetry();
    }

    /** Sets the versions whose files must stay in the cache. */
    void keep(Set<ServedVersion> versions) {
        artifacts.keep(versions.stream()
                .flatMap(version -> Stream.of(version.gguf(), version.head(), version.adapter()))
                .filter(Objects::nonNull)
                .map(Digest::parse)
                .collect(Collectors.toSet()));
    }

    /**
     * Fetches a version's files to this machine and validates them.
     *
     * @param wanted polled; false stops the download, received bytes are kept
     * @throws LoadException if a file is missing, damaged or invalid
     */
    ModelFiles fetch(ServedVersion version, BooleanSupplier wanted) {
        try {
            FetchProgress progress = (bytes, total) -> wanted.getAsBoolean();
            Path gguf = artifacts.fetch(Digest.parse(version.gguf()), progress);
            Optional<Path> adapter = Optional.ofNullable(version.adapter())
                    .map(digest -> artifacts.fetch(Digest.parse(digest), progress));
            List<Path> files = new ArrayList<>(List.of(gguf));
            adapter.ifPresent(files::add);
            firstLoads.validate(version, files, wanted);
            ModelShape shape = GgufValidator.validate(gguf).shape();
            Optional<Path> head = version.kind() == ModelKind.CLASSIFIER
                    ? Optional.of(artifacts.fetch(Digest.parse(version.head()), progress))
                    : Optional.empty();
            if (adapter.isPresent()) {
                GgufAdapterValidator.validate(adapter.get(), shape);
            }
            return new ModelFiles(
                    gguf,
                    shape,
                    GgufSpecialTokens.read(gguf),
                    GgufSpecialTokens.blankBeforeFirstPart(gguf),
                    head,
                    adapter);
        } catch (ArtifactException | InvalidCheckpointException | IOException e) {
            throw failed(version, e);
        }
    }

    /**
     * Reason for which memory is too small to load the version in addition to the loaded models; empty if it suffices.
     */
    Optional<String> shortage(ServedVersion version, ModelFiles files) {
        try {
            long need = need(files);
            OptionalLong available = memory.available();
            return available.isEmpty() || need <= available.getAsLong()
                    ? Optional.empty()
                    : Optional.of(version.name() + " needs about " + megabytes(need) + " of memory, "
                            + megabytes(available.getAsLong()) + " are available");
        } catch (InvalidCheckpointException | IOException e) {
            throw failed(version, e);
        }
    }

    private long need(ModelFiles files) throws IOException {
        GgufShape shape = GgufShape.read(files.gguf());
        long adapter = files.adapter().map(file -> file.toFile().length()).orElse(0L);
        return Memory.need(shape, options(shape.contextLength())) + adapter;
    }

    /**
     * Loads an external file in a separate process, if this is its first load on this installation.
     *
     * @param wanted polled; false stops the process
     * @throws LoadException if this or the stored first load failed
     */
    void loadFirst(ServedVersion version, ModelFiles files, BooleanSupplier wanted) {
        try {
            firstLoads.require(version, files.gguf(), need(files), wanted);
            if (files.adapter().isPresent() && !version.trained()) {
                firstLoads.requireAdapter(
                        Digest.parse(version.gguf()),
                        files.gguf(),
                        Digest.parse(version.adapter()),
                        files.adapter().get(),
                        wanted);
            }
        } catch (InvalidCheckpointException | IOException e) {
            throw failed(version, e);
        }
    }

    /** Whether the version that serves may be freed for another one that does not fit into memory with it. */
    boolean mayReplace() {
        return settings.swap() == SwapPolicy.REPLACE;
    }

    /** Frees a model: requests in flight have the drain time to finish, then they are ended. */
    void free(LoadedModel model) {
        try {
            model.retire();
            if (!model.awaitFreed(settings.drain())) {
                model.endRequests();
                model.awaitFreed(settings.drain());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException(
                    "interrupted while freeing " + model.version().name(), e);
        }
    }

    /**
     * Loads a version and warms it up.
     *
     * @throws LoadException if it cannot be served
     */
    LoadedModel load(ServedVersion version, ModelFiles files) {
        try {
            Optional<Classifier> classifier = Optional.empty();
            if (files.head().isPresent()) {
                classifier = Optional.of(
                        new Classifier(ClassifierHead.read(files.head().get())));
            }
            LlamaModel model = llama.load(files.gguf(), !files.blankBeforeFirstPart());
            AfterWarmUp listener = new AfterWarmUp(metrics.engine(version.model()));
            LoadedModel loaded;
            try {
                requireUsable(model, version, classifier);
                files.adapter().ifPresent(model::adapt);
                loaded = new LoadedModel(
                        version,
                        files.shape(),
                        files.rule(),
                        files.blankBeforeFirstPart(),
                        model,
                        compute,
                        options(model.trainedContextLength()),
                        settings.textQueue(),
                        classifier,
                        listener,
                        metrics.version(version.name()));
            } catch (RuntimeException e) {
                model.close();
                throw e;
            }
            warmUp(loaded);
            listener.warm();
            return loaded;
        } catch (InvalidCheckpointException | LlamaException | ChatTemplateException | IOException e) {
            throw failed(version, e);
        }
    }

    private static LoadException failed(ServedVersion version, Exception why) {
        return new LoadException(version.name() + " cannot be served: " + why.getMessage(), why);
    }

    private static String megabytes(long bytes) {
        return Math.ceilDiv(bytes, 1L << 20) + " MiB";
    }

    private static void requireUsable(LlamaModel model, ServedVersion version, Optional<Classifier> classifier) {
        classifier.ifPresent(head -> {
            if (head.head().dimension() != model.dimension()) {
                throw new LoadException(version.name() + " has a head for hidden states of "
                        + head.head().dimension() + " values, the model's have " + model.dimension());
            }
            if (head.maxTokens() < 2 || head.maxTokens() > model.trainedContextLength()) {
                throw new LoadException(version.name() + " has a head for texts of " + head.maxTokens()
                        + " tokens, the model reads " + model.trainedContextLength());
            }
        });
    }

    private EngineOptions options(int trainedContextLength) {
        int contextLength = Math.min(settings.contextLimit(), trainedContextLength);
        return new EngineOptions(
                settings.slots(),
                settings.queue(),
                settings.queueTokens().orElse((long) settings.queue() * contextLength),
                contextLength,
                settings.prefillChunk(),
                settings.exact(),
                settings.stallLimit(),
                settings.adapters(),
                settings.promptCache().asLongValue());
    }

    /**
     * Decodes one token on the path of requests, so that memory is mapped and kernels are selected before the first
     * request. Rejects weights that produce NaN ({@link io.rootstock.inference.engine.EngineException.Reason#NON_FINITE_LOGITS}).
     */
    private static void warmUp(LoadedModel loaded) {
        try {
            int[] tokens = loaded.tokenizer().promptTokens("warm");
            if (loaded.generation().isPresent()) {
                generateOne(loaded.generation().get(), tokens);
            } else {
                loaded.reader().read(List.of(tokens), true);
            }
        } catch (RuntimeException e) {
            loaded.retire();
            throw new LoadException(loaded.version().name() + " cannot be decoded: " + e.getMessage(), e);
        }
    }

    private static void generateOne(GenerationEngine engine, int[] tokens) {
        Generation generation = engine.submit(GenerationRequest.of(tokens, 1, SamplerOptions.GREEDY))
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
