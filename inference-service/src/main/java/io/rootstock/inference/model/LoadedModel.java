package io.rootstock.inference.model;

import io.rootstock.artifacts.Digest;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.checkpoint.ModelShape;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.inference.canary.CanaryFigures;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.pooling.PoolingEngine;
import io.rootstock.inference.engine.scheduling.EngineOptions;
import io.rootstock.inference.engine.scheduling.GenerationEngine;
import io.rootstock.inference.engine.scoring.ScoringEngine;
import io.rootstock.inference.metrics.VersionFigures;
import io.rootstock.llama.LlamaModel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A version in memory: weights, engines, chat template, classification head. Requests hold a {@link ModelLease}; a retired
 * model grants no new leases and is freed after the last one. Thread-safe.
 */
public final class LoadedModel {
    private final ServedVersion version;
    private final ModelShape shape;
    private final LlamaModel model;
    private final Compute compute;
    private final EngineOptions options;
    private final int textQueue;
    private final EngineListener listener;
    private final Optional<GenerationEngine> generation;
    private final Optional<Classifier> classifier;
    private final Optional<ChatTemplate> template;
    private final ModelTokenizer tokenizer;
    private final VersionFigures figures;
    private final String fingerprint;
    private final CountDownLatch gone = new CountDownLatch(1);
    private PoolingEngine reader;
    private ScoringEngine scorer;

    private int leases;
    private boolean retired;
    private boolean freed;

    public LoadedModel(
            ServedVersion version,
            ModelShape shape,
            SpecialTokenRule rule,
            boolean blankBeforeFirstPart,
            LlamaModel model,
            Compute compute,
            EngineOptions options,
            int textQueue,
            Optional<Classifier> classifier,
            EngineListener listener,
            VersionFigures figures) {
        this.version = version;
        this.shape = shape;
        this.figures = figures;
        this.fingerprint = fingerprint(version, compute, options);
        this.model = model;
        this.compute = compute;
        this.options = options;
        this.textQueue = textQueue;
        this.listener = listener;
        this.classifier = classifier;
        this.template = version.kind() == ModelKind.CLASSIFIER
                ? Optional.empty()
                : model.chatTemplate()
                        .map(jinja -> ChatTemplate.parse(
                                jinja, rule.bosText(), rule.eos().text()));
        this.tokenizer = new ModelTokenizer(model, rule, blankBeforeFirstPart);
        this.generation = version.kind() == ModelKind.CLASSIFIER
                ? Optional.empty()
                : Optional.of(new GenerationEngine(model, options, compute, listener));
    }

    /** The loaded version. */
    public ServedVersion version() {
        return version;
    }

    /** Identifies the version's files and the engine, as OpenAI's {@code system_fingerprint}: {@code fp_} and 10 digits. */
    public String fingerprint() {
        return fingerprint;
    }

    private static String fingerprint(ServedVersion version, Compute compute, EngineOptions options) {
        String parts = String.join(
                " ",
                version.name(),
                version.gguf(),
                Objects.requireNonNullElse(version.adapter(), ""),
                compute.engineVersion(),
                options.exact() ? "f32" : "f16");
        return "fp_" + Digest.of(parts.getBytes(StandardCharsets.UTF_8)).hex().substring(0, 10);
    }

    /** Dimensions of the model. */
    public ModelShape shape() {
        return shape;
    }

    /** Maximum number of tokens of a request. */
    public int contextLength() {
        return options.contextLength();
    }

    /** The generation engine; empty for a classifier. */
    public Optional<GenerationEngine> generation() {
        return generation;
    }

    /** The classification head; empty unless the model is a classifier. */
    public Optional<Classifier> classifier() {
        return classifier;
    }

    /** The model's chat template. */
    public Optional<ChatTemplate> template() {
        return template;
    }

    public ModelTokenizer tokenizer() {
        return tokenizer;
    }

    /** The reader of whole texts, created at the first call. */
    public synchronized PoolingEngine reader() {
        requireLoaded();
        if (reader == null) {
            reader = new PoolingEngine(
                    model, options.contextLength(), textQueue, options.prefillChunk(), compute, listener);
        }
        return reader;
    }

    /** The engine that scores given tokens, created at the first call. */
    public synchronized ScoringEngine scorer() {
        requireLoaded();
        if (scorer == null) {
            scorer = new ScoringEngine(model, options, compute, listener);
        }
        return scorer;
    }

    private void requireLoaded() {
        if (freed) {
            throw new IllegalStateException(version.name() + " is freed");
        }
    }

    /** Requests being decoded: completions, and texts being scored. */
    public int activeRequests() {
        return generation.map(GenerationEngine::active).orElse(0)
                + openScorer().map(ScoringEngine::active).orElse(0);
    }

    /** Waiting requests: completions, texts to be read whole, and texts to be scored. */
    public int queuedRequests() {
        return generation.map(GenerationEngine::queued).orElse(0)
                + queuedTexts()
                + openScorer().map(ScoringEngine::queued).orElse(0);
    }

    private synchronized Optional<ScoringEngine> openScorer() {
        return freed ? Optional.empty() : Optional.ofNullable(scorer);
    }

    /** Aborts the requests with this id and returns the number of their completions and unscored texts. */
    public int abort(String requestId) {
        return generation.map(engine -> engine.abort(requestId)).orElse(0)
                + openScorer().map(engine -> engine.abort(requestId)).orElse(0);
    }

    /** Texts waiting to be read whole. */
    public synchronized int queuedTexts() {
        return reader == null || freed ? 0 : reader.queued();
    }

    /**
     * Grants a lease; empty once retired.
     *
     * @param analysis counters of the analysis that the request belongs to; empty if there is none
     */
    public synchronized Optional<ModelLease> lease(ModelLease.Role role, Optional<CanaryFigures> analysis) {
        if (retired) {
            return Optional.empty();
        }
        leases++;
        return Optional.of(new ModelLease(this, role, analysis, this::release));
    }

    /** Counters of this version since it was loaded. */
    public VersionFigures figures() {
        return figures;
    }

    /** Ends the requests in flight with {@link io.rootstock.inference.engine.EngineException.Reason#CLOSED}. */
    public void endRequests() {
        PoolingEngine reading;
        ScoringEngine scoring;
        synchronized (this) {
            reading = reader;
            scoring = scorer;
        }
        if (reading != null) {
            reading.close();
        }
        if (scoring != null) {
            scoring.close();
        }
        // Last: frees the adapters, which scoring uses too.
        generation.ifPresent(GenerationEngine::close);
    }

    /** Waits until everything is freed; returns false after the time limit. */
    public boolean awaitFreed(Duration limit) throws InterruptedException {
        return gone.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Grants no new leases, and frees the model after the last one. */
    public void retire() {
        synchronized (this) {
            retired = true;
            if (leases > 0 || freed) {
                return;
            }
            freed = true;
        }
        free();
    }

    private void release() {
        synchronized (this) {
            leases--;
            if (!retired || leases > 0 || freed) {
                return;
            }
            freed = true;
        }
        free();
    }

    private void free() {
        endRequests();
        model.close();
        gone.countDown();
    }
}
