package io.rootstock.inference.engine;

import io.rootstock.inference.engine.ScoredText.ScoredToken;
import io.rootstock.llama.Batch;
import io.rootstock.llama.ContextOptions;
import io.rootstock.llama.LlamaContext;
import io.rootstock.llama.LlamaModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reads continuations of a prompt for the likelihood of their tokens. */
final class Scoring {
    private Scoring() {}

    static List<ScoredText> score(
            LlamaModel model,
            Compute compute,
            int contextLength,
            int[] prompt,
            List<int[]> continuations,
            Optional<AdapterUse> adapter) {
        List<ScoredText> scored = new ArrayList<>();
        try (LlamaContext context =
                        model.context(ContextOptions.generation(1, contextLength, compute.threads(), true));
                Batch batch = context.batch()) {
            compute.attach(context);
            adapter.ifPresent(use -> context.use(use.adapter(), use.scale()));
            for (int[] continuation : continuations) {
                context.clear();
                int[] tokens = IntStream.concat(IntStream.of(prompt), IntStream.of(continuation))
                        .toArray();
                List<ScoredToken> result = new ArrayList<>();
                for (int from = 0; from < tokens.length - 1; from += batch.capacity()) {
                    batch.clear();
                    int to = Math.min(tokens.length - 1, from + batch.capacity());
                    for (int position = from; position < to; position++) {
                        batch.add(tokens[position], position, 0, position >= prompt.length - 1);
                    }
                    compute.decode(context, batch);
                    for (int position = Math.max(from, prompt.length - 1); position < to; position++) {
                        result.add(scored(model, context.logits(position - from), tokens[position + 1]));
                    }
                }
                scored.add(new ScoredText(result));
            }
        }
        return scored;
    }

    private static ScoredToken scored(LlamaModel model, float[] logits, int token) {
        float most = Float.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - most);
        }
        return new ScoredToken(token, model.piece(token), logits[token] - most - Math.log(sum), logits[token] == most);
    }
}
