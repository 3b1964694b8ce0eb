package io.rootstock.inference.openai.completion;

import io.rootstock.inference.openai.completion.CompletionResponse.Choice;
import io.rootstock.inference.openai.completion.CompletionResponse.Logprobs;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.TokenDetails;
import io.rootstock.inference.openai.generation.TokenLogprobEntry;
import io.rootstock.inference.openai.generation.TokenText;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.TokenLogprob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Builds the parts of one completion; the first part begins with the prompt if it is echoed. */
final class CompletionChoices {
    private final int index;
    private final Prompt prompt;
    /** Code points of the echoed prompt, if special tokens are written in it; else empty. */
    private final int[] written;

    private boolean begun;
    private int characters;

    /**
     * Prompt data of a completion.
     *
     * @param echo text that each completion begins with; empty without echo
     * @param specialTokens whether special tokens of the prompt are written in {@code echo}
     * @param logprobs log-probabilities of the prompt's tokens
     * @param echoed whether they precede those of each completion
     * @param stated whether they are returned in {@code prompt_logprobs}
     * @param topLogprobs whether the most probable tokens are returned
     * @param tokenIds the prompt's tokens; null if they are not returned
     * @param details requested details of the generated tokens
     */
    record Prompt(
            String echo,
            boolean specialTokens,
            List<TokenLogprob> logprobs,
            boolean echoed,
            boolean stated,
            boolean topLogprobs,
            List<Integer> tokenIds,
            TokenDetails details) {}

    CompletionChoices(int index, Prompt prompt) {
        this.index = index;
        this.prompt = prompt;
        this.written = prompt.specialTokens() ? prompt.echo().codePoints().toArray() : new int[0];
    }

    /** The next part of the text. */
    Choice text(String text, List<TokenLogprob> tokens) {
        return choice(text, tokens, null, null);
    }

    /** The last part of the text, with the finish reason. */
    Choice end(String text, List<TokenLogprob> tokens, Finish finish) {
        return choice(text, tokens, ResponseHeader.finishReason(finish), ResponseHeader.stopReason(finish));
    }

    private Choice choice(String text, List<TokenLogprob> tokens, String finishReason, String stopReason) {
        boolean first = !begun;
        begun = true;
        List<TokenLogprob> scored = prompt.details().scored(tokens);
        List<TokenLogprob> all = first && prompt.echoed()
                ? Stream.concat(prompt.logprobs().stream(), scored.stream()).toList()
                : scored;
        return new Choice(
                index,
                first ? prompt.echo() + text : text,
                all.isEmpty() ? null : logprobs(all),
                finishReason,
                stopReason,
                first && prompt.stated() ? TokenLogprobEntry.ofRequested(prompt.logprobs()) : null,
                prompt.details().ids(tokens),
                first ? prompt.tokenIds() : null);
    }

    private Logprobs logprobs(List<TokenLogprob> tokens) {
        List<Integer> offsets = new ArrayList<>();
        List<Float> logprobs = new ArrayList<>();
        List<Map<String, Float>> topLogprobs = new ArrayList<>();
        for (TokenLogprob token : tokens) {
            offsets.add(characters);
            characters += characters(token);
            logprobs.add(token.hasLogprob() ? token.getLogprob() : null);
            topLogprobs.add(CompletionResponse.topLogprobs(token));
        }
        return new Logprobs(
                tokens.stream().map(TokenText::of).toList(),
                logprobs,
                prompt.topLogprobs() ? topLogprobs : null,
                offsets);
    }

    /**
     * Number of text characters of a token. A special token counts with its text if the echoed prompt contains it at
     * this position, else as 0: it was added to the prompt, given as a token, or generated.
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
