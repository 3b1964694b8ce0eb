package io.rootstock.inference.engine.scoring;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import com.google.common.util.concurrent.Uninterruptibles;
import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.sampling.Logits;
import io.rootstock.inference.engine.sampling.Vocabulary;
import io.rootstock.inference.engine.scheduling.EngineOptions;
import io.rootstock.inference.engine.scoring.ScoredContinuation.ScoredToken;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;

/**
 * Computes log-probabilities of given tokens. A platform thread packs waiting texts of any number of requests, decodes
 * the tokens that they begin with once, and decodes a pack in parts, between which running streams get their tokens. All
 * texts share the cells of the context, so that a part is one pass over the weights, whatever the lengths of its texts.
 * Tokens that a pack has in common with the one before it are not decoded again.
 */
public final class ScoringEngine implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(ScoringEngine.class);
    /** Common tokens from which the cells of the last pack are kept. */
    private static final int WORTH_KEEPING = 16;
    /** Maximum number of logits of a part: the library keeps them all in memory. */
    private static final int MAX_LOGITS = 1 << 24;
    /** Sequence of the kept cells; texts have the sequences before it. */
    private static final int KEPT = Pack.MAX_TEXTS;

    private final LlamaModel model;
    private final EngineOptions options;
    private final Compute compute;
    private final EngineListener listener;
    private final LlamaContext context;
    private final Batch batch;
    private final Vocabulary vocabulary;
    private final float[] logits;
    private final ScoringQueue queue;
    private final Thread thread;
    /** Texts whose cells the context holds, in the sequences of their indices. Engine's thread only. */
    private Optional<Pack> last = Optional.empty();

    /** Starts the engine's thread. The model must outlive the engine. */
    public ScoringEngine(LlamaModel model, EngineOptions options, Compute compute, EngineListener listener) {
        this.model = model;
        this.options = options;
        this.compute = compute;
        this.listener = listener;
        this.vocabulary = new Vocabulary(model);
        this.logits = new float[model.vocabularySize()];
        this.context = model.context(ContextOptions.scoring(
                Pack.MAX_TEXTS + 1,
                options.contextLength() + Pack.MAX_BEHIND_FIRST,
                compute.threads(),
                options.exact()));
        compute.attach(context);
        this.batch = context.batch();
        this.queue = new ScoringQueue(context, listener, options.queue() + options.slots());
        this.thread = Thread.ofPlatform().name("scoring-engine").daemon().unstarted(this::run);
        thread.start();
    }

    /** Texts that are being decoded. */
    public int active() {
        return queue.active();
    }

    /** Texts that wait. */
    public int queued() {
        return queue.texts();
    }

    /** Aborts the requests with this id and returns the number of their texts without a result. */
    public int abort(String requestId) {
        return queue.abort(requestId);
    }

    /**
     * Returns the log-probabilities of the scored tokens of each text; blocks until all are scored. Texts of other
     * requests of the same priority take turns with those of a request with many texts.
     *
     * @throws io.rootstock.inference.engine.EngineException QUEUE_FULL immediately, if too many requests wait
     * @throws io.rootstock.inference.engine.EngineException ABORTED if the request is aborted
     * @throws EngineException CLOSED if the engine is closed
     * @throws CancellationException if the caller is interrupted; its interrupt flag stays set
     */
    public List<ScoredContinuation> score(ScoringRequest request) {
        requireTexts(request);
        ScoringJob job = new ScoringJob(request);
        queue.add(job);
        try {
            return job.result().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while scoring");
        } finally {
            queue.leave(job);
        }
    }

    private void requireTexts(ScoringRequest request) {
        IntStream.of(request.prompt()).forEach(this::requireToken);
        for (ScoringRequest.Text text : request.texts()) {
            // The last token of a text is not decoded.
            if (text.length() > options.contextLength() + 1) {
                throw new IllegalArgumentException(
                        "a text of " + text.length() + " tokens in a context of " + options.contextLength());
            }
            IntStream.of(text.rest()).forEach(this::requireToken);
        }
    }

    private void requireToken(int token) {
        if (token < 0 || token >= model.vocabularySize()) {
            throw new IllegalArgumentException(
                    "token " + token + " is not in the vocabulary of " + model.vocabularySize());
        }
    }

    /** Ends all requests with {@link EngineException.Reason#CLOSED}, stops the thread, and frees the context. */
    @Override
    public void close() {
        queue.close();
        Uninterruptibles.joinUninterruptibly(thread);
    }

    private void run() {
        try (context;
                batch) {
            for (Optional<Pack> next = queue.next(this::keep); next.isPresent(); next = queue.next(this::keep)) {
                Pack pack = next.get();
                boolean scored = false;
                try {
                    scored = score(pack);
                } catch (RuntimeException e) {
                    LOG.error("scoring failed; its requests are ended", e);
                    pack.texts().forEach(text -> queue.fail(text.job(), e));
                } finally {
                    last = scored ? next : Optional.empty();
                    queue.over(scored);
                }
            }
        } catch (Throwable e) {
            LOG.error("the scoring engine failed", e);
            queue.close();
        }
    }

    /** Keeps the cells of the last pack that the next text begins with, and returns their tokens; removes all others. */
    private int[] keep(ScoringJob next) {
        ScoringRequest.Text text = next.request().texts().get(next.next());
        int[] tokens = next.request().tokens(text);
        int outputsFrom = tokens.length - text.scored() - 1;
        int source = -1;
        int longest = WORTH_KEEPING - 1;
        if (last.isPresent() && last.get().adapter().equals(next.request().adapter())) {
            for (PackedText packed : last.get().texts()) {
                int common = common(tokens, packed.tokens(), Math.min(outputsFrom, packed.tokens().length - 1));
                if (common > longest) {
                    longest = common;
                    source = packed.sequence();
                }
            }
        }
        if (source < 0) {
            context.clear();
            return new int[0];
        }
        context.removeSequence(KEPT);
        context.copySequence(source, KEPT);
        IntStream.range(0, KEPT).forEach(context::removeSequence);
        context.removeSequence(KEPT, longest);
        return Arrays.copyOf(tokens, longest);
    }

    private static int common(int[] a, int[] b, int most) {
        int difference = Arrays.mismatch(a, 0, most, b, 0, most);
        return difference < 0 ? most : difference;
    }

    /** Decodes a pack and scores its texts; false if it was interrupted. */
    private boolean score(Pack pack) {
        for (PackedText text : pack.texts()) {
            int shared = pack.tree().kept(text.tokens(), text.outputsFrom());
            if (shared > 0) {
                context.copySequence(KEPT, text.sequence());
                context.removeSequence(text.sequence(), shared);
            }
        }
        pack.adapter().ifPresentOrElse(use -> context.use(use.adapter(), use.scale()), context::useNone);
        try {
            return decode(pack);
        } finally {
            // The adapter may be freed when its request has ended.
            if (pack.adapter().isPresent()) {
                context.useNone();
            }
        }
    }

    private boolean decode(Pack pack) {
        int outputs = Math.max(1, MAX_LOGITS / logits.length);
        List<TokenTree.Node> part = new ArrayList<>();
        batch.clear();
        for (TokenTree.Node node : pack.tree().nodes()) {
            int size = compute.shared(context) ? Math.min(options.prefillChunk(), batch.capacity()) : batch.capacity();
            boolean output = !node.readers().isEmpty();
            if ((batch.size() >= size || (output && batch.outputs() == outputs)) && !decode(pack, part)) {
                return false;
            }
            batch.add(node.token(), node.position(), node.sequences(), output);
            part.add(node);
        }
        return decode(pack, part);
    }

    /** Decodes a part and scores the tokens after its nodes; false if it was interrupted. */
    private boolean decode(Pack pack, List<TokenTree.Node> part) {
        if (pack.ended()) {
            return false;
        }
        listener.batch(batch.size());
        if (!compute.decode(context, batch)) {
            return false;
        }
        MemorySegment all = batch.outputs() > 0 ? context.outputLogits() : MemorySegment.NULL;
        long row = 0;
        for (TokenTree.Node node : part) {
            if (!node.readers().isEmpty()) {
                MemorySegment.copy(all, JAVA_FLOAT, row++ * 4L * logits.length, logits, 0, logits.length);
                score(node);
            }
        }
        batch.clear();
        part.clear();
        return true;
    }

    private void score(TokenTree.Node node) {
        double sum = Logits.logSumExp(logits);
        for (TokenTree.Reader reader : node.readers()) {
            int token = reader.text().tokens()[reader.token()];
            double logprob = logits[token] - sum;
            if (Double.isNaN(logprob)) {
                queue.fail(reader.text().job(), EngineException.nonFiniteLogits());
            }
            reader.text()
                    .score(
                            reader.token(),
                            new ScoredToken(token, vocabulary.piece(token), logprob, Logits.isArgmax(logits, token)));
        }
    }
}
