package io.rootstock.inference.completion;

import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One completion, read to its end.
 *
 * @param index index of the completion in its request, from 0
 * @param text the text, without tool calls
 * @param calls tool calls
 * @param logprobs log-probabilities of its tokens, if requested
 * @param finish finish reason and usage
 */
public record UnaryCompletion(
        int index, String text, List<ToolCall> calls, List<TokenLogprob> logprobs, Finish finish) {
    public UnaryCompletion {
        calls = List.copyOf(calls);
        logprobs = List.copyOf(logprobs);
    }

    /** Reads all completions of a stream to their end; returns them ordered by index. */
    static List<UnaryCompletion> all(CompletionStream stream) throws InterruptedException {
        TreeMap<Integer, Gathered> gathered = new TreeMap<>();
        for (Optional<Delta> next = stream.next(); next.isPresent(); next = stream.next()) {
            Delta delta = next.get();
            Gathered of = gathered.computeIfAbsent(delta.index(), _ -> new Gathered());
            switch (delta) {
                case Delta.Text text -> {
                    of.text.append(text.text());
                    of.logprobs.addAll(text.logprobs());
                }
                case Delta.Calls calls -> of.calls.addAll(calls.calls());
                case Delta.End end -> of.finish = end.finish();
            }
        }
        List<UnaryCompletion> completions = new ArrayList<>();
        gathered.forEach((index, of) ->
                completions.add(new UnaryCompletion(index, of.text.toString(), of.calls, of.logprobs, of.finish)));
        return completions;
    }

    private static final class Gathered {
        private final StringBuilder text = new StringBuilder();
        private final List<ToolCall> calls = new ArrayList<>();
        private final List<TokenLogprob> logprobs = new ArrayList<>();
        private Finish finish = Finish.getDefaultInstance();
    }
}
