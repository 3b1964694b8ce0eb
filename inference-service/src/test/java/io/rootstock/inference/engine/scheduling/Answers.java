package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.sampling.TokenLogprob;
import io.rootstock.llama.LlamaModel;
import io.rootstock.llama.SamplerOptions;
import io.rootstock.llama.TinyModel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Helpers that build requests and read completions, for tests of the engine. */
public final class Answers {
    private Answers() {}

    /** The complete output of a generation. */
    record Answer(String text, List<TokenLogprob> logprobs, Output.End end) {
        List<Integer> tokens() {
            return logprobs.stream().map(TokenLogprob::token).toList();
        }
    }

    public static EngineOptions options(int slots, int queue) {
        return new EngineOptions(slots, queue, TinyModel.CONTEXT, 16, true, Duration.ofSeconds(60));
    }

    public static GenerationRequest greedy(LlamaModel model, String prompt, int tokens) {
        return GenerationRequest.of(model.tokenize(prompt, false), tokens, SamplerOptions.GREEDY);
    }

    static Answer answer(GenerationEngine engine, GenerationRequest request) throws InterruptedException {
        return read(engine.submit(request).getFirst());
    }

    static Answer read(Generation generation) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        List<TokenLogprob> logprobs = new ArrayList<>();
        while (true) {
            switch (generation.next()) {
                case Output.Text piece -> {
                    text.append(piece.text());
                    logprobs.addAll(piece.logprobs());
                }
                case Output.End end -> {
                    return new Answer(text.toString(), logprobs, end);
                }
            }
        }
    }

    /** Polls a condition that the engine's thread makes true; fails after two minutes. */
    public static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofMinutes(2).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("condition still false after two minutes");
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
        }
    }
}
