package io.rootstock.trainer.worker;

import io.rootstock.checkpoint.tokenizer.TokenizerFiles;
import io.rootstock.trainer.data.Corpus;
import io.rootstock.trainer.data.Prompts;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import io.rootstock.trainer.v1.RunSample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Generates sample texts with greedy decoding after fixed prompts. Each token is computed from the whole text, without
 * a KV cache; the samples cost as much as training on about two thousand tokens.
 */
final class Sampler {
    private static final int PROMPTS = 2;
    private static final int STRETCH = 12;
    private static final int MAX_QUESTION_LENGTH = 96;
    private static final int MAX_NEW_TOKENS = 24;

    private final List<int[]> prompts;
    private final TokenizerFiles tokenizer;
    private final int context;

    private Sampler(List<int[]> prompts, TokenizerFiles tokenizer, int context) {
        this.prompts = prompts;
        this.tokenizer = tokenizer;
        this.context = context;
    }

    /** Creates a sampler with prompts from this split; without prompts for tasks that do not generate text. */
    static Sampler of(PreparedRun run, Corpus corpus) {
        int context = run.plan().architecture().getContextLength();
        int room = Math.min(MAX_QUESTION_LENGTH, context - 1);
        List<int[]> prompts = switch (run.plan().task()) {
            case TASK_PRETRAIN, TASK_INSTRUCTION ->
                Prompts.of(corpus, PROMPTS, Math.min(STRETCH, room), room).stream()
                        .filter(prompt -> prompt.length > 0)
                        .toList();
            case TASK_CLASSIFICATION, TASK_PREFERENCE, TASK_UNSPECIFIED, UNRECOGNIZED -> List.of();
        };
        return new Sampler(prompts, run.tokenizerFiles(), context);
    }

    /** Generates samples with the engine's current weights. */
    List<RunSample> samples(Engine engine, long step) {
        List<RunSample> samples = new ArrayList<>();
        for (int[] prompt : prompts) {
            samples.add(RunSample.newBuilder()
                    .setStep(step)
                    .setPrompt(tokenizer.text(prompt))
                    .setText(tokenizer.text(generate(engine, prompt)))
                    .build());
        }
        return samples;
    }

    private int[] generate(Engine engine, int[] prompt) {
        int[] text = Arrays.copyOf(prompt, Math.min(context, prompt.length + MAX_NEW_TOKENS));
        int end = prompt.length;
        while (end < text.length) {
            int next = greedyToken(engine, Arrays.copyOf(text, end));
            if (tokenizer.rule().endOfGenerationIds().contains(next)) {
                break;
            }
            text[end++] = next;
        }
        return Arrays.copyOfRange(text, prompt.length, end);
    }

    private static int greedyToken(Engine engine, int[] text) {
        int[] targets = new int[text.length];
        Arrays.fill(targets, LanguageBatch.NO_LOSS);
        targets[text.length - 1] = 0; // any token: marks the position
        float[] scores = engine.targetLogits(new LanguageBatch(1, text.length, text, targets));
        return IntStream.range(1, scores.length)
                .reduce(0, (best, token) -> scores[token] > scores[best] ? token : best);
    }
}
