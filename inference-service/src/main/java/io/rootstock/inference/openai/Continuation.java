package io.rootstock.inference.openai;

import io.rootstock.inference.openai.CompletionAnswer.Choice;
import io.rootstock.inference.openai.CompletionAnswer.Logprobs;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Makes the pieces of one continuation: the first begins with its prompt, where that is to be echoed. */
final class Continuation {
    private final int index;
    private final Prompt prompt;
    /** Code points of the echoed prompt, where special tokens are written in it; else none. */
    private final int[] written;

    private boolean begun;
    private int characters;

    /**
     * What is known of a prompt.
     *
     * @param echo what each continuation begins with; empty: nothing
     * @param specialTokens whether special tokens of the prompt are written in {@code echo}
     * @param logprobs of its tokens
     * @param echoed whether they are a part of each continuation's
     * @param stated whether they are told by themselves
     * @param alternatives whether the likeliest tokens are told
     */
    record Prompt(
            String echo,
            boolean specialTokens,
            List<TokenLogprob> logprobs,
            boolean echoed,
            boolean stated,
            boolean alternatives) {}

    Continuation(int index, Prompt prompt) {
        this.index = index;
        this.prompt = prompt;
        this.written = prompt.specialTokens() ? prompt.echo().codePoints().toArray() : new int[0];
    }

    /** More text. */
    Choice text(String text, List<TokenLogprob> tokens) {
        return choice(text, tokens, null, null);
    }

    /** The rest of the text and its end. */
    Choice end(String text, List<TokenLogprob> tokens, Finish finish) {
        return choice(text, tokens, Answer.finishReason(finish), Answer.stopReason(finish));
    }

    private Choice choice(String text, List<TokenLogprob> tokens, String finishReason, String stopReason) {
        boolean first = !begun;
        begun = true;
        List<TokenLogprob> all = first && prompt.echoed()
                ? Stream.concat(prompt.logprobs().stream(), tokens.stream()).toList()
                : tokens;
        return new Choice(
                index,
                first ? prompt.echo() + text : text,
                all.isEmpty() ? null : logprobs(all),
                finishReason,
                stopReason,
                first && prompt.stated() ? TokenEntry.ofAsked(prompt.logprobs()) : null);
    }

    private Logprobs logprobs(List<TokenLogprob> tokens) {
        List<Integer> offsets = new ArrayList<>();
        List<Float> logprobs = new ArrayList<>();
        List<Map<String, Float>> likeliest = new ArrayList<>();
        for (TokenLogprob token : tokens) {
            offsets.add(characters);
            characters += characters(token);
            logprobs.add(token.hasLogprob() ? token.getLogprob() : null);
            likeliest.add(CompletionAnswer.likeliest(token));
        }
        return new Logprobs(
                tokens.stream().map(TokenText::of).toList(),
                logprobs,
                prompt.alternatives() ? likeliest : null,
                offsets);
    }

    /**
     * Characters of the text that a token stands for. A special token stands for its text where the echoed prompt has that at
     * this place, and for none where it was added to the prompt, given as a token, or made.
     */
    private int characters(TokenLogprob token) {
        String special = token.getSpecial();
        if (special.isEmpty()) {
            return TokenText.characters(token.getPiece());
        }
        int length = (int) special.codePoints().count();
        return characters + length <= written.length && special.equals(new String(written, characters, length))
                ? length
                : 0;
    }
}
