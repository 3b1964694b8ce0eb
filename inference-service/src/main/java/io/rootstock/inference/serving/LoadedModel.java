package io.rootstock.inference.serving;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.Fragment;
import io.rootstock.chat.FragmentSplitter;
import io.rootstock.chat.Segment;
import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.tokenizer.SpecialTokenRule;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.EngineOptions;
import io.rootstock.inference.engine.GenerationEngine;
import io.rootstock.inference.engine.Output;
import io.rootstock.inference.engine.TextReader;
import io.rootstock.inference.metrics.VersionFigures;
import io.rootstock.llama.LlamaModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * A version in memory: weights, engines, chat template, classification head. Requests hold a {@link Lease}; a retired
 * model grants no new leases and is freed after the last one. Thread-safe.
 */
public final class LoadedModel {
    private final ServedVersion version;
    private final LlamaConfig shape;
    private final SpecialTokenRule rule;
    private final LlamaModel model;
    private final Compute compute;
    private final EngineOptions options;
    private final int textQueue;
    private final EngineListener listener;
    private final Optional<GenerationEngine> generation;
    private final Optional<Classifier> classifier;
    private final Optional<ChatTemplate> template;
    private final Map<String, Integer> controlTokens;
    private final FragmentSplitter splitter;
    private final VersionFigures figures;
    private final CountDownLatch gone = new CountDownLatch(1);
    private TextReader reader;

    private int leases;
    private boolean retired;
    private boolean freed;

    LoadedModel(
            ServedVersion version,
            LlamaConfig shape,
            SpecialTokenRule rule,
            LlamaModel model,
            Compute compute,
            EngineOptions options,
            int textQueue,
            Optional<Classifier> classifier,
            EngineListener listener,
            VersionFigures figures) {
        this.version = version;
        this.shape = shape;
        this.rule = rule;
        this.figures = figures;
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
        this.controlTokens = model.controlTokens();
        this.splitter = new FragmentSplitter(controlTokens.keySet());
        this.generation = version.kind() == ModelKind.CLASSIFIER
                ? Optional.empty()
                : Optional.of(new GenerationEngine(model, options, compute, listener));
    }

    /** Role of a model for the alias that a request names. */
    public enum Part {
        /** The version of the alias. */
        MAIN,
        /** A canary that answers a percentage of the requests. */
        CANDIDATE,
        /** A canary that receives shadow copies of requests. */
        SHADOW
    }

    /** A lease of the model for one request; record the outcome of the request, then close it. */
    public final class Lease implements AutoCloseable {
        private final Part part;
        private boolean closed;

        private Lease(Part part) {
            this.part = part;
        }

        /** The model's role for the request's alias. */
        public Part part() {
            return part;
        }

        /** Records that a completion has ended. */
        public void finished(Output.End end) {
            figures.finished(role(), end);
        }

        /** Records that texts were read in this time. */
        public void finished(int texts, double milliseconds) {
            figures.finished(role(), texts, milliseconds);
        }

        /**
         * Records that the model failed the request; invalid requests and a full queue are not failures of the model.
         */
        public void failed(Throwable why) {
            figures.failed(role(), why);
        }

        private VersionFigures.Role role() {
            return part == Part.SHADOW ? VersionFigures.Role.SHADOW : VersionFigures.Role.ANSWER;
        }

        /** The model, usable until the lease is closed. */
        public LoadedModel model() {
            return LoadedModel.this;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                release();
            }
        }
    }

    /** The loaded version. */
    public ServedVersion version() {
        return version;
    }

    /** Dimensions of the model. */
    public LlamaConfig shape() {
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

    /** The reader of whole texts, created at the first call. */
    public synchronized TextReader reader() {
        if (freed) {
            throw new IllegalStateException(version.name() + " is freed");
        }
        if (reader == null) {
            reader = new TextReader(
                    model, options.contextLength(), textQueue, options.prefillChunk(), compute, listener);
        }
        return reader;
    }

    /** Vocabulary size. */
    public int vocabularySize() {
        return model.vocabularySize();
    }

    /** Tokenizes a text without adding tokens. */
    public int[] tokenize(String text, boolean parseSpecial) {
        return model.tokenize(text, parseSpecial);
    }

    /** The special token rule. */
    public SpecialTokenRule rule() {
        return rule;
    }

    /** The UTF-8 bytes of a token; empty for a special token. */
    public byte[] piece(int token) {
        return model.piece(token);
    }

    /**
     * Tokenizes a prompt; special tokens in it are parsed.
     *
     * @param addSpecialTokens add BOS and EOS according to the special token rule; a text that begins with BOS gets no
     *     second one
     */
    public int[] promptTokens(String text, boolean addSpecialTokens) {
        int[] tokens = model.tokenize(text, true);
        if (!addSpecialTokens) {
            return tokens;
        }
        boolean begun =
                rule.addBos() && tokens.length > 0 && tokens[0] == rule.bosId().orElseThrow();
        return rule.text(begun ? Arrays.copyOfRange(tokens, 1, tokens.length) : tokens);
    }

    /** Tokenizes a text that is read whole, as plain text, with BOS and EOS according to the special token rule. */
    public int[] promptTokens(String text) {
        return rule.text(model.tokenize(text, false));
    }

    /**
     * Tokenizes a conversation exactly as in training: the text between two special tokens of the template in one
     * piece, special tokens in content as plain text, BOS only if the template writes it.
     *
     * @param beginning beginning of the answer in the template's format; may be empty
     */
    public int[] chatTokens(ChatTemplate chat, Conversation conversation, String beginning) {
        List<Segment> segments = new ArrayList<>(chat.render(conversation));
        if (!beginning.isEmpty()) {
            segments.add(new Segment(beginning, Segment.Kind.TEMPLATE, true));
        }
        IntStream.Builder tokens = IntStream.builder();
        for (Fragment fragment : splitter.split(segments)) {
            switch (fragment) {
                case Fragment.Token token -> tokens.add(controlTokens.get(token.text()));
                case Fragment.Text text ->
                    IntStream.of(model.tokenize(text.text(), false)).forEach(tokens::add);
            }
        }
        return tokens.build().toArray();
    }

    /** Tokenizes a text to classify: {@code [BOS] text EOS}, truncated to {@code maximumTokens}. */
    public WholeText sequence(String text, int maximumTokens) {
        int[] tokens = model.tokenize(text, false);
        return new WholeText(rule.sequence(tokens, maximumTokens), tokens.length + rule.overhead() > maximumTokens);
    }

    /**
     * A text that is read whole.
     *
     * @param tokens its tokens with BOS and EOS
     * @param truncated whether the text was truncated
     */
    @SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
    public record WholeText(int[] tokens, boolean truncated) {}

    /** Requests being decoded. */
    int activeRequests() {
        return generation.map(GenerationEngine::active).orElse(0);
    }

    /** Waiting requests: completions, and texts to be read whole. */
    public int queuedRequests() {
        return generation.map(GenerationEngine::queued).orElse(0) + queuedTexts();
    }

    /** Texts waiting to be read whole. */
    public synchronized int queuedTexts() {
        return reader == null || freed ? 0 : reader.queued();
    }

    /** Grants a lease; empty once retired. */
    synchronized Optional<Lease> lease(Part part) {
        if (retired) {
            return Optional.empty();
        }
        leases++;
        return Optional.of(new Lease(part));
    }

    /** Counters of this version since it was loaded. */
    public VersionFigures figures() {
        return figures;
    }

    /** Ends the requests in flight with {@link io.rootstock.inference.engine.EngineClosedException}. */
    void endRequests() {
        generation.ifPresent(GenerationEngine::close);
        TextReader open;
        synchronized (this) {
            open = reader;
        }
        if (open != null) {
            open.close();
        }
    }

    /** Waits until everything is freed; returns false after the time limit. */
    boolean awaitFreed(Duration limit) throws InterruptedException {
        return gone.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Grants no new leases, and frees the model after the last one. */
    void retire() {
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
