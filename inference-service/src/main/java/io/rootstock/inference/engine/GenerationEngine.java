package io.rootstock.inference.engine;

import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.LoadedAdapter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;

/**
 * Generates for many requests of one model at once (continuous batching). A platform thread repeats one step: give free
 * slots to waiting requests, put one token of every running request and a bounded part of unread prompts into a batch,
 * decode it, choose each running request's next token. A long prompt therefore never stops the running streams, and a
 * cancelled request is gone before the next token.
 */
public final class GenerationEngine implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(GenerationEngine.class.getName());
    private static final long STALL_CHECK_NANOSECONDS = TimeUnit.MILLISECONDS.toNanos(50);

    private final LlamaModel model;
    private final EngineOptions options;
    private final Compute compute;
    private final LlamaContext context;
    private final Batch batch;
    private final Thread thread;
    private final EngineListener listener;
    private final Adapters adapters;

    private final ReentrantLock lock = new ReentrantLock();
    private final Deque<Generation> waiting = new ArrayDeque<>();
    private boolean closing;
    private final List<Generation> decoding = new ArrayList<>();

    /** Running requests, oldest first; the engine's thread only. */
    private final List<Slot> running = new ArrayList<>();

    private final Deque<Integer> freeSequences = new ArrayDeque<>();

    private volatile int active;
    private volatile double meanSeconds = 1;

    /** Starts the engine's thread. The model must outlive the engine. */
    public GenerationEngine(LlamaModel model, EngineOptions options, Compute compute) {
        this(model, options, compute, EngineListener.NONE);
    }

    /** Starts the engine's thread; the listener hears what it does. The model must outlive the engine. */
    public GenerationEngine(LlamaModel model, EngineOptions options, Compute compute, EngineListener listener) {
        this.listener = listener;
        this.adapters = new Adapters(model, options.adapters(), LoadedAdapter::close);
        this.model = model;
        this.options = options;
        this.compute = compute;
        this.context = model.context(ContextOptions.generation(
                options.slots(), options.contextLength(), compute.threads(), options.exact()));
        compute.attach(context);
        this.batch = context.batch();
        for (int sequence = 0; sequence < options.slots(); sequence++) {
            freeSequences.add(sequence);
        }
        this.thread = Thread.ofPlatform().name("generation-engine").daemon().start(this::run);
    }

    /** Most tokens of a request, prompt and answer. */
    public int contextLength() {
        return options.contextLength();
    }

    /** Requests being decoded. */
    public int active() {
        return active;
    }

    /** Requests waiting for a slot. */
    public int queued() {
        lock.lock();
        try {
            return waiting.size();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Lets a request wait for a slot.
     *
     * @throws QueueFullException at once, where too many wait already
     * @throws EngineClosedException where the engine is closed
     */
    public List<Generation> submit(GenerationRequest request) {
        if (request.prompt().length >= options.contextLength()) {
            throw new IllegalArgumentException("a prompt of " + request.prompt().length
                    + " tokens leaves no room in a context of " + options.contextLength());
        }
        List<Generation> generations = IntStream.range(0, request.count())
                .mapToObj(index -> new Generation(request, index, this::wake))
                .toList();
        lock.lock();
        try {
            if (closing) {
                throw new EngineClosedException();
            }
            waiting.removeIf(Generation::cancelled);
            if (waiting.size() + request.count() > options.queue() + Math.max(0, options.slots() - active)) {
                listener.refused(EngineListener.Refusal.QUEUE_FULL);
                throw new QueueFullException(
                        waiting.size() + " requests are waiting already", retryAfter(waiting.size()));
            }
            waiting.addAll(generations);
        } finally {
            lock.unlock();
        }
        wake();
        return generations;
    }

    /** Ends the texts of requests of this id with {@link AbortedException}, and returns how many. */
    public int abort(String requestId) {
        List<Generation> ended = new ArrayList<>();
        lock.lock();
        try {
            waiting.stream()
                    .filter(one -> one.request().requestId().equals(requestId))
                    .forEach(ended::add);
            decoding.stream()
                    .filter(one -> one.request().requestId().equals(requestId))
                    .forEach(ended::add);
        } finally {
            lock.unlock();
        }
        ended.forEach(Generation::abort);
        return ended.size();
    }

    /** The adapters that requests may use. */
    public Adapters adapters() {
        return adapters;
    }

    /** How busy the engine is. */
    public EngineLoad load() {
        lock.lock();
        try {
            long tokens = waiting.stream()
                    .mapToLong(one -> one.request().prompt().length)
                    .sum();
            return new EngineLoad(
                    options.slots(),
                    active,
                    waiting.size(),
                    tokens,
                    0,
                    (long) options.slots() * options.contextLength(),
                    0);
        } finally {
            lock.unlock();
        }
    }

    /**
     * How likely the continuations of a prompt are; waits for all.
     *
     * @param prompt at least one token
     * @param continuations none empty
     */
    public List<ScoredText> score(int[] prompt, List<int[]> continuations, Optional<AdapterUse> adapter) {
        return Scoring.score(model, compute, options.contextLength(), prompt, continuations, adapter);
    }

    /** Ends all requests with {@link EngineClosedException}, then the thread, and frees the context. */
    @Override
    public void close() {
        lock.lock();
        try {
            closing = true;
        } finally {
            lock.unlock();
        }
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private Duration retryAfter(int ahead) {
        double seconds = meanSeconds * (ahead + 1) / options.slots();
        return Duration.ofMillis((long) (1000 * Math.clamp(seconds, 0.1, 30)));
    }

    private void run() {
        try (context;
                batch) {
            while (!isClosing()) {
                admit();
                release();
                if (!step()) {
                    rest();
                }
            }
        } catch (Throwable e) {
            LOG.log(Level.SEVERE, "the generation engine failed", e);
        } finally {
            endAll();
        }
    }

    /** Waits to be woken; while a reader has no room, looks now and then whether it stalls. */
    private void rest() {
        if (running.isEmpty()) {
            LockSupport.park(this);
        } else {
            LockSupport.parkNanos(this, STALL_CHECK_NANOSECONDS);
        }
    }

    private boolean isClosing() {
        lock.lock();
        try {
            return closing;
        } finally {
            lock.unlock();
        }
    }

    /** Gives free slots to waiting requests. */
    private void admit() {
        lock.lock();
        try {
            waiting.removeIf(one -> {
                if (one.aborted()) {
                    one.fail(new AbortedException(one.request().requestId()));
                    listener.refused(EngineListener.Refusal.ABORTED);
                } else if (one.age() > one.request().queueTimeout().toNanos()) {
                    one.fail(new QueueTimeoutException(one.request().queueTimeout()));
                    listener.refused(EngineListener.Refusal.QUEUE_TIMEOUT);
                }
                return one.cancelled() || one.ended();
            });
            while (!freeSequences.isEmpty() && !waiting.isEmpty()) {
                Generation next = waiting.poll();
                listener.queueWait(next.age() / 1e9);
                decoding.add(next);
                running.add(new Slot(freeSequences.poll(), options.contextLength(), model, next));
            }
            active = running.size();
            decoding.removeIf(one -> running.stream().noneMatch(slot -> slot.generation() == one));
        } finally {
            lock.unlock();
        }
    }

    /** Frees the slots of requests that ended, were cancelled, or whose reader stalls. */
    private void release() {
        for (Slot slot : running) {
            if (slot.pause() > options.stallLimit().toNanos()) {
                slot.fail(new ReaderStalledException(options.stallLimit()));
                listener.refused(EngineListener.Refusal.READER_STALLED);
            }
            if (slot.generation().aborted()) {
                slot.fail(new AbortedException(slot.generation().request().requestId()));
                listener.refused(EngineListener.Refusal.ABORTED);
            }
        }
        running.removeIf(slot -> {
            if (!slot.ended() && !slot.generation().cancelled()) {
                return false;
            }
            context.removeSequence(slot.sequence());
            freeSequences.add(slot.sequence());
            slot.close();
            observe(slot.generation().age() / 1e9);
            return true;
        });
        active = running.size();
    }

    /** Only the engine's thread writes the mean. */
    private void observe(double seconds) {
        double mean = meanSeconds;
        meanSeconds = mean + 0.1 * (seconds - mean);
    }

    /** Decodes one batch; false where there was nothing to decode. */
    private boolean step() {
        batch.clear();
        for (Slot slot : running) {
            if (!slot.readsPrompt() && slot.pause() == 0) {
                slot.addChosen(batch);
            }
        }
        int budget = batch.capacity() - batch.size();
        if (batch.size() > 0) {
            budget = Math.min(budget, options.prefillChunk());
        }
        for (Slot slot : running) {
            if (slot.readsPrompt() && budget > 0) {
                budget -= slot.addPrompt(batch, budget);
            }
        }
        if (batch.size() == 0) {
            return false;
        }
        try {
            compute.decode(context, batch);
            listener.batch(batch.size());
            for (Slot slot : running) {
                slot.advance(context);
            }
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "a decode failed; its requests are ended", e);
            running.forEach(slot -> slot.fail(e));
        }
        release();
        return true;
    }

    private void endAll() {
        lock.lock();
        try {
            closing = true;
            waiting.forEach(generation -> generation.fail(new EngineClosedException()));
            waiting.clear();
        } finally {
            lock.unlock();
        }
        running.forEach(slot -> {
            slot.fail(new EngineClosedException());
            slot.close();
        });
        running.clear();
        active = 0;
    }
}
