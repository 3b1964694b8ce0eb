package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.Compute;
import io.rootstock.inference.engine.EngineException;
import io.rootstock.inference.engine.EngineListener;
import io.rootstock.inference.engine.adapter.AdapterSwitch;
import io.rootstock.inference.engine.adapter.Adapters;
import io.rootstock.inference.engine.kvcache.Sequences;
import io.rootstock.inference.engine.sampling.Vocabulary;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.Grammar;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaException;
import io.rootstock.llama.LlamaModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;

/**
 * Generates completions for many requests of one model at once (continuous batching). A platform thread repeats: remove
 * cancelled jobs, assign free sequences to waiting jobs ({@link JobQueue}, {@link Sequences}), decode one batch
 * ({@link Decoder}). A long prompt is processed in chunks, so that it never blocks running streams, and a cancelled job
 * is removed before the next token.
 */
public final class GenerationEngine implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(GenerationEngine.class);
    private static final long STALL_CHECK_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(50);
    /**
     * Steps after which gaps among the running sequences are closed by copies; until then, new requests can fill them.
     * A copy takes a few milliseconds; 16 completions in two groups of sequences took 240 ms a step instead of 160 ms
     * (1.1 billion weights, Q8_0).
     */
    private static final int COMPACTION_DELAY_STEPS = 1;

    private final LlamaModel model;
    private final EngineOptions options;
    private final EngineListener listener;
    private final Vocabulary vocabulary;
    private final int endOfText;
    private final LlamaContext context;
    private final JobQueue queue;
    private final Sequences sequences;
    private final AdapterSwitch adapterSwitch;
    private final Adapters adapters;
    private final Decoder decoder;
    private final RateMeter made = new RateMeter();
    private final Thread thread;

    /** Jobs from submission to their end. */
    private final Set<CompletionJob> live = ConcurrentHashMap.newKeySet();

    /** Running jobs, oldest first. Engine thread only. */
    private final List<Slot> running = new ArrayList<>();

    private int stepsWithGap;
    private volatile int active;
    private volatile long usedCells;
    private volatile double meanSeconds = 1;

    /** Starts the engine's thread. The model must outlive the engine. */
    public GenerationEngine(LlamaModel model, EngineOptions options, Compute compute) {
        this(model, options, compute, EngineListener.NONE);
    }

    /** Starts the engine's thread, which reports to the listener. The model must outlive the engine. */
    public GenerationEngine(LlamaModel model, EngineOptions options, Compute compute, EngineListener listener) {
        this.model = model;
        this.options = options;
        this.listener = listener;
        this.vocabulary = new Vocabulary(model);
        this.endOfText = model.endOfText();
        this.context = model.context(ContextOptions.generation(
                options.slots(), options.contextLength(), compute.threads(), options.exact()));
        compute.attach(context);
        this.queue = new JobQueue(options, listener);
        this.sequences = new Sequences(context, options.contextLength(), options.promptCacheBytes());
        this.adapterSwitch = new AdapterSwitch(context);
        this.adapters = new Adapters(model, options.adapters(), adapter -> {
            adapterSwitch.add(adapter);
            wake();
        });
        this.decoder = new Decoder(context, compute, sequences, adapterSwitch, listener, made, options.prefillChunk());
        this.thread = Thread.ofPlatform().name("generation-engine").daemon().unstarted(this::run);
        thread.start();
    }

    /** Maximum number of tokens of a prompt and its completion. */
    public int contextLength() {
        return options.contextLength();
    }

    /** Completions being decoded. */
    public int active() {
        return active;
    }

    /** Completions waiting for a slot. */
    public int queued() {
        return queue.size();
    }

    /** The loaded adapters of the model. */
    public Adapters adapters() {
        return adapters;
    }

    public EngineLoad load() {
        return new EngineLoad(
                options.slots(),
                active,
                queue.size(),
                queue.tokens(),
                usedCells,
                (long) options.slots() * options.contextLength(),
                made.perSecond());
    }

    /**
     * Enqueues a request and returns its completions, ordered by index.
     *
     * @throws EngineException QUEUE_FULL immediately, if the queue is full
     * @throws EngineException INVALID_GRAMMAR if the grammar is invalid
     * @throws EngineException CLOSED if the engine is closed
     */
    public List<Generation> submit(GenerationRequest request) {
        requirePrompt(request.prompt());
        SharedPrefixGroup group = new SharedPrefixGroup(request.prompt().length - 1);
        List<CompletionJob> jobs = new ArrayList<>();
        try {
            Optional<Grammar> grammar = request.grammar().map(this::grammar);
            for (int index = 0; index < request.count(); index++) {
                Optional<Grammar> own = index == 0 ? grammar : grammar.map(Grammar::copy);
                Generation[] generation = new Generation[1];
                CompletionJob[] job = new CompletionJob[1];
                generation[0] = new Generation(request, index, () -> wake(job[0]));
                job[0] = new CompletionJob(generation[0], group, own, vocabulary, endOfText, listener);
                jobs.add(job[0]);
            }
            enqueue(jobs);
        } catch (RuntimeException e) {
            jobs.forEach(this::leave);
            throw e;
        }
        return jobs.stream().map(CompletionJob::generation).toList();
    }

    /** Aborts the completions of all requests with this id ({@link EngineException.Reason#ABORTED}) and returns their number. */
    public int abort(String requestId) {
        int aborted = 0;
        for (CompletionJob job : live) {
            if (!requestId.isEmpty() && job.requestId().equals(requestId) && !job.ended() && !job.aborted()) {
                job.abort();
                wake(job);
                aborted++;
            }
        }
        return aborted;
    }

    /**
     * Ends all requests with {@link EngineException.Reason#CLOSED}, stops the thread, and frees the context and the adapters.
     */
    @Override
    public void close() {
        queue.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            wake();
            decoder.interrupt();
            try {
                thread.join(Duration.ofMillis(10));
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        adapters.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void enqueue(List<CompletionJob> jobs) {
        live.addAll(jobs);
        boolean added = false;
        try {
            String full = queue.add(jobs, active);
            added = full.isEmpty();
            if (!added) {
                listener.refused(EngineListener.Refusal.QUEUE_FULL);
                throw EngineException.queueFull(full, retryAfter(queue.size()));
            }
        } finally {
            if (!added) {
                live.removeAll(jobs);
            }
        }
        wake();
    }

    private Grammar grammar(String gbnf) {
        try {
            return model.grammar(gbnf);
        } catch (LlamaException e) {
            throw EngineException.invalidGrammar(e.getMessage());
        }
    }

    private void requirePrompt(int[] prompt) {
        if (prompt.length >= options.contextLength()) {
            throw new IllegalArgumentException("a prompt of " + prompt.length
                    + " tokens leaves no room in a context of " + options.contextLength());
        }
        for (int token : prompt) {
            requireToken(token);
        }
    }

    private void requireToken(int token) {
        if (token < 0 || token >= model.vocabularySize()) {
            throw new IllegalArgumentException(
                    "token " + token + " is not in the vocabulary of " + model.vocabularySize());
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    /** Wakes the engine because the job was cancelled or aborted, or because its reader made room. */
    private void wake(CompletionJob job) {
        if (job.cancelled() || job.aborted()) {
            decoder.interrupt(job);
        }
        wake();
    }

    private Duration retryAfter(int ahead) {
        double seconds = meanSeconds * (ahead + 1) / options.slots();
        return Duration.ofMillis((long) (1000 * Math.clamp(seconds, 0.1, 30)));
    }

    private void run() {
        try (context;
                decoder;
                sequences) {
            while (!queue.isClosed()) {
                release();
                admit();
                closeGaps();
                if (!decoder.step(running)) {
                    rest();
                }
            }
        } catch (Throwable e) {
            LOG.error("the generation engine failed", e);
        } finally {
            endAll();
        }
    }

    /** Waits until the engine is woken; while jobs are running, wakes periodically to detect stalled readers. */
    private void rest() {
        if (!running.isEmpty()) {
            LockSupport.parkNanos(this, STALL_CHECK_NANOSECONDS);
        } else if (queue.size() == 0) {
            LockSupport.park(this);
        }
    }

    /** Assigns free sequences to waiting jobs. */
    private void admit() {
        queue.removeEnded();
        while (!sequences.full()) {
            CompletionJob job = queue.poll();
            if (job == null) {
                break;
            }
            listener.queueWait(job.age() / 1e9);
            running.add(Slot.start(job, sequences));
        }
        active = running.size();
        usedCells = sequences.usedCells();
    }

    /** Frees the sequences of jobs that ended, were cancelled or aborted, or have a stalled reader. */
    private void release() {
        for (int i = running.size() - 1; i >= 0; i--) {
            Slot slot = running.get(i);
            CompletionJob job = slot.job();
            if (!slot.over() && job.aborted()) {
                slot.fail(EngineException.aborted(job.requestId()));
                listener.refused(EngineListener.Refusal.ABORTED);
            } else if (!slot.over() && slot.blocked() > options.stallLimit().toNanos()) {
                slot.fail(EngineException.readerStalled(options.stallLimit()));
                listener.refused(EngineListener.Refusal.READER_STALLED);
            }
            if (slot.over() || job.cancelled()) {
                running.remove(i);
                sequences.leave(slot.sequence());
                leave(job);
                double mean = meanSeconds;
                meanSeconds = mean + 0.1 * (job.age() / 1e9 - mean);
            }
        }
        if (!adapterSwitch.isEmpty()) {
            adapterSwitch.free(() -> live.stream().map(CompletionJob::adapter));
        }
        // Jobs that were removed from the queue.
        live.removeIf(CompletionJob::left);
    }

    private void closeGaps() {
        boolean gaps = running.size() > 1 && decoder.together(running.size()) && sequences.gap() >= 0;
        stepsWithGap = gaps ? stepsWithGap + 1 : 0;
        if (stepsWithGap > COMPACTION_DELAY_STEPS) {
            sequences.closeGaps();
            stepsWithGap = 0;
        }
    }

    private void leave(CompletionJob job) {
        job.leave();
        live.remove(job);
    }

    private void endAll() {
        for (CompletionJob job : queue.drain()) {
            job.fail(EngineException.closed());
            leave(job);
        }
        for (Slot slot : running) {
            slot.fail(EngineException.closed());
            leave(slot.job());
        }
        running.clear();
        adapterSwitch.freeAll();
        active = 0;
    }
}
