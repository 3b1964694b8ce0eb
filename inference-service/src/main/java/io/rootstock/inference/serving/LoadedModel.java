package io.rootstock.inference.serving;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Conversation;
import io.rootstock.chat.Fragment;
import io.rootstock.chat.FragmentSplitter;
import io.rootstock.chat.Segment;
import io.rootstock.checkpoint.LlamaConfig;
import io.rootstock.checkpoint.SpecialTokenRule;
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
 * A version in memory: weights, engines, chat template, classification head. It is handed out as {@link Lease}s; once
 * retired it takes no new ones and is freed with the last. Safe for use by several threads.
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

    /** What a model is to the alias that a request names. */
    public enum Part {
        /** The alias points to it. */
        MAIN,
        /** It is on trial and answers a share of the requests. */
        CANDIDATE,
        /** It is on trial and gets copies of requests. */
        SHADOW
    }

    /** A right to use the model; close it when done, and say before how the request went. */
    public final class Lease implements AutoCloseable {
        private final Part part;
        private boolean closed;

        private Lease(Part part) {
            this.part = part;
        }

        /** What the model is to the request's alias. */
        public Part part() {
            return part;
        }

        /** A text was finished. */
        public void finished(Output.End end) {
            figures.finished(role(), end);
        }

        /** Texts were read, which took so long. */
        public void finished(int texts, double milliseconds) {
            figures.finished(role(), texts, milliseconds);
        }

        /** The model failed the request; what its client did wrong, or a full queue, is no failure of the model. */
        public void failed(Throwable why) {
            figures.failed(role(), why);
        }

        private VersionFigures.Role role() {
            return part == Part.SHADOW ? VersionFigures.Role.SHADOW : VersionFigures.Role.ANSWER;
        }

        /** The model, usable until this is closed. */
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

    /** What is loaded. */
    public ServedVersion version() {
        return version;
    }

    /** Its dimensions. */
    public LlamaConfig shape() {
        return shape;
    }

    /** Most tokens of a request. */
    public int contextLength() {
        return options.contextLength();
    }

    /** The engine that generates; none for a classifier. */
    public Optional<GenerationEngine> generation() {
        return generation;
    }

    /** The head with its labels; only for a classifier. */
    public Optional<Classifier> classifier() {
        return classifier;
    }

    /** The chat template that came with the model. */
    public Optional<ChatTemplate> template() {
        return template;
    }

    /** The reader of whole texts, made when it is first used. */
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

    /** V, the number of tokens. */
    public int vocabularySize() {
        return model.vocabularySize();
    }

    /** Tokens of a text, nothing put before or after it. */
    public int[] tokenize(String text, boolean parseSpecial) {
        return model.tokenize(text, parseSpecial);
    }

    /** Its special tokens, and which of them are added to a text. */
    public SpecialTokenRule rule() {
        return rule;
    }

    /** The UTF-8 bytes of a token; empty for a special one. */
    public byte[] piece(int token) {
        return model.piece(token);
    }

    /**
     * Tokens of a text to continue; special tokens in it are parsed.
     *
     * @param addSpecialTokens add BOS and EOS where the model's rule does; a text that begins with BOS gets no second one
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

    /** Tokens of a text that is read whole, with BOS and EOS where the model's rule adds them; its text is plain text. */
    public int[] promptTokens(String text) {
        return rule.text(model.tokenize(text, false));
    }

    /**
     * Tokens of a conversation, exactly as in training: the text between two special tokens of the template in one piece,
     * special tokens in content as plain text, BOS only where the template writes it.
     *
     * @param beginning what the answer begins with, written as by the template; may be empty
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

    /** A text to classify: {@code [BOS] text EOS}, the text cut so that all of it fits. */
    public WholeText sequence(String text, int maximumTokens) {
        int[] tokens = model.tokenize(text, false);
        return new WholeText(rule.sequence(tokens, maximumTokens), tokens.length + rule.overhead() > maximumTokens);
    }

    /**
     * A text that is read whole.
     *
     * @param tokens its tokens with BOS and EOS
     * @param truncated whether it was longer
     */
    @SuppressWarnings("ArrayRecordComponent") // tokens are compared by nobody, and boxing them would cost
    public record WholeText(int[] tokens, boolean truncated) {}

    /** Requests being decoded. */
    int activeRequests() {
        return generation.map(GenerationEngine::active).orElse(0);
    }

    /** Requests waiting: texts to be made or to be read. */
    public int queuedRequests() {
        return generation.map(GenerationEngine::queued).orElse(0) + queuedTexts();
    }

    /** Texts waiting to be read whole. */
    public synchronized int queuedTexts() {
        return reader == null || freed ? 0 : reader.queued();
    }

    /** A lease; none once retired. */
    synchronized Optional<Lease> lease(Part part) {
        if (retired) {
            return Optional.empty();
        }
        leases++;
        return Optional.of(new Lease(part));
    }

    /** What it did so far. */
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

    /** Waits until everything is freed, at most so long. */
    boolean awaitFreed(Duration limit) throws InterruptedException {
        return gone.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Takes no new leases, and frees everything with the last one. */
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
