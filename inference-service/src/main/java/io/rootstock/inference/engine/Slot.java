package io.rootstock.inference.engine;

import io.rootstock.llama.Batch;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.Sampler;
import io.rootstock.llama.SamplerOptions;
import java.util.List;

/** A request being decoded: one sequence of the context. Touched by the engine's thread only. */
final class Slot implements AutoCloseable {
    private final int sequence;
    private final int contextLength;
    private final LlamaModel model;
    private final Generation generation;
    private final GenerationRequest request;
    private final Sampler sampler;
    private final Utf8Assembler characters = new Utf8Assembler();
    private final StopMatcher stops;

    /** Tokens in the context. */
    private int position;
    /** Token that was chosen and is not in the context yet. */
    private int chosen;
    /** Tokens made. */
    private int made;
    /** Where this slot's logits are in the batch; -1: nowhere. */
    private int output = -1;

    private long firstTokenNanoseconds;
    private long pausedSince;
    private boolean ended;

    Slot(int sequence, int contextLength, LlamaModel model, Generation generation) {
        this.sequence = sequence;
        this.contextLength = contextLength;
        this.model = model;
        this.generation = generation;
        this.request = generation.request();
        this.stops = new StopMatcher(request.stop());
        SamplerOptions sampling = request.sampling();
        this.sampler = model.sampler(
                sampling.seed() == SamplerOptions.RANDOM_SEED
                        ? sampling
                        : sampling.withSeed(sampling.seed() + generation.index()));
        if (request.sampling().penalizes()) {
            int[] prompt = request.prompt();
            for (int i = Math.max(0, prompt.length - Sampler.PENALTY_WINDOW); i < prompt.length; i++) {
                sampler.accept(prompt[i]);
            }
        }
    }

    int sequence() {
        return sequence;
    }

    Generation generation() {
        return generation;
    }

    boolean ended() {
        return ended;
    }

    boolean readsPrompt() {
        return position < request.prompt().length;
    }

    /** How long the reader has taken nothing although there is no more room, in nanoseconds; 0: it has room. */
    long pause() {
        if (generation.hasRoom()) {
            pausedSince = 0;
            return 0;
        }
        long now = System.nanoTime();
        if (pausedSince == 0) {
            pausedSince = now;
        }
        return Math.max(1, now - pausedSince);
    }

    /** Puts the chosen token into the batch. */
    void addChosen(Batch batch) {
        output = batch.add(chosen, position++, sequence, true);
    }

    /** Puts the next part of the prompt into the batch, at most so many tokens, and returns how many. */
    int addPrompt(Batch batch, int most) {
        int[] prompt = request.prompt();
        int count = Math.min(most, prompt.length - position);
        for (int i = 0; i < count; i++) {
            boolean last = position == prompt.length - 1;
            int index = batch.add(prompt[position], position, sequence, last);
            output = last ? index : -1;
            position++;
        }
        return count;
    }

    /** Chooses the next token if this slot had an output in the decoded batch. */
    void advance(LlamaContext context) {
        if (output < 0) {
            return;
        }
        chosen = context.sample(sampler, output);
        output = -1;
        if (firstTokenNanoseconds == 0) {
            firstTokenNanoseconds = generation.age();
        }
        if (request.stopTokens().contains(chosen)) {
            end(Output.Reason.STOP_STRING);
            return;
        }
        if (model.endsGeneration(chosen)) {
            end(Output.Reason.END_OF_TEXT);
            return;
        }
        made++;
        generation.append(stops.push(characters.push(model.piece(chosen))));
        if (stops.met()) {
            end(Output.Reason.STOP_STRING);
        } else if (made == request.maximumTokens() || position == contextLength) {
            end(Output.Reason.LENGTH);
        }
    }

    /** Ends the request with an error, unless it has ended. */
    void fail(RuntimeException why) {
        if (!ended) {
            ended = true;
            generation.fail(why);
        }
    }

    @Override
    public void close() {
        sampler.close();
    }

    private void end(Output.Reason reason) {
        ended = true;
        generation.append(stops.rest());
        generation.end(new Output.End(
                reason,
                request.prompt().length,
                made,
                0,
                firstTokenNanoseconds / 1e6,
                generation.age() / 1e6,
                "",
                List.of()));
    }
}
