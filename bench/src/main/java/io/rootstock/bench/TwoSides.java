package io.rootstock.bench;

import io.rootstock.llama.Batch;
import io.rootstock.llama.LlamaContext;
import io.rootstock.trainer.engine.Engine;
import io.rootstock.trainer.engine.batch.LanguageBatch;
import java.util.Arrays;

/** One model in the trainer's engine and in llama.cpp: compares their logits and greedy continuations. */
record TwoSides(Engine engine, LlamaContext context, Batch batch) {
    /** Returns the largest difference of a logit at any position of a prompt; NaN if a logit is NaN. */
    double largestDifference(int[] prompt) {
        float[] expected = logits(engine, prompt);
        context.clear();
        batch.clear();
        for (int position = 0; position < prompt.length; position++) {
            batch.add(prompt[position], position, 0, true);
        }
        context.decode(batch);
        double largest = 0;
        for (int position = 0; position < prompt.length; position++) {
            float[] actual = context.logits(position);
            int from = position * actual.length;
            largest = Math.max(largest, difference(actual, Arrays.copyOfRange(expected, from, from + actual.length)));
        }
        return largest;
    }

    /** Whether both generate the same tokens by greedy decoding. */
    boolean equalGreedyTokens(int[] prompt, int tokens) {
        return Arrays.equals(trainerContinues(prompt, tokens), llamaContinues(prompt, tokens));
    }

    /** Returns the trainer's logits of a text, [length*V]. */
    static float[] logits(Engine engine, int[] tokens) {
        return engine.logits(new LanguageBatch(1, tokens.length, tokens, tokens));
    }

    /** Returns the largest difference of two elements at one index; NaN if an element is NaN. */
    static double difference(float[] left, float[] right) {
        double largest = 0;
        for (int index = 0; index < left.length; index++) {
            largest = Math.max(largest, Math.abs(left[index] - right[index]));
        }
        return largest;
    }

    private int[] trainerContinues(int[] prompt, int count) {
        int[] tokens = Arrays.copyOf(prompt, prompt.length + count);
        for (int length = prompt.length; length < tokens.length; length++) {
            float[] logits = logits(engine, Arrays.copyOf(tokens, length));
            int vocabulary = logits.length / length;
            tokens[length] = argmax(Arrays.copyOfRange(logits, logits.length - vocabulary, logits.length));
        }
        return Arrays.copyOfRange(tokens, prompt.length, tokens.length);
    }

    private int[] llamaContinues(int[] prompt, int count) {
        context.clear();
        batch.clear();
        int last = -1;
        for (int position = 0; position < prompt.length; position++) {
            last = batch.add(prompt[position], position, 0, position == prompt.length - 1);
        }
        context.decode(batch);
        int[] made = new int[count];
        for (int i = 0; i < made.length; i++) {
            made[i] = argmax(context.logits(last));
            batch.clear();
            last = batch.add(made[i], prompt.length + i, 0, true);
            context.decode(batch);
        }
        return made;
    }

    private static int argmax(float[] logits) {
        int best = 0;
        for (int token = 1; token < logits.length; token++) {
            best = logits[token] > logits[best] ? token : best;
        }
        return best;
    }
}
