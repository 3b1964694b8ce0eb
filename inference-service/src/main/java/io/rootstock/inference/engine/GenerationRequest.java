package io.rootstock.inference.engine;

import io.rootstock.llama.SamplerOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What to generate. {@link #of} makes a plain one, the (generated) {@code with} methods change one thing each.
 *
 * @param prompt tokens to continue, at least one, fewer than the engine's context length
 * @param maximumTokens most tokens to make, at least 1
 * @param sampling how each is chosen; the text of index i uses the seed plus i
 * @param stop texts to stop before, none empty
 * @param stopTokens tokens to stop at; they are not part of the text
 * @param logprobs which log-probabilities are wanted
 * @param grammar GBNF with a rule {@code root} that the text must match
 * @param adapter the adapter to answer with
 * @param count independent texts to make from one reading of the prompt, 1 to {@value #MOST_TEXTS}
 * @param requestId names the request for {@link GenerationEngine#abort}; need not be unique; may be empty
 * @param priority higher goes first in the queue
 * @param queueTimeout longest wait for a slot
 * @param reusePrefix whether a beginning of the prompt that is in memory from earlier requests is used
 * @param ignoreEndOfText go on where the model would end its text: tokens that end a text are never chosen
 */
@SuppressWarnings("ArrayRecordComponent") // tokens are compared by nobody, and boxing them would cost
@RecordBuilder
public record GenerationRequest(
        int[] prompt,
        int maximumTokens,
        SamplerOptions sampling,
        List<String> stop,
        Set<Integer> stopTokens,
        Logprobs logprobs,
        Optional<String> grammar,
        Optional<AdapterUse> adapter,
        int count,
        String requestId,
        int priority,
        Duration queueTimeout,
        boolean reusePrefix,
        boolean ignoreEndOfText)
        implements GenerationRequestBuilder.With {
    /** Most texts of a request. */
    public static final int MOST_TEXTS = 16;

    /** A queue timeout that never comes. */
    public static final Duration NO_TIMEOUT = Duration.ofDays(365);

    /**
     * The priority of requests that nobody waits for: where they are alone in their engine, they decode only while no other
     * engine does, or once a second.
     */
    public static final int BACKGROUND = Integer.MIN_VALUE;

    public GenerationRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("an empty prompt");
        }
        if (maximumTokens < 1) {
            throw new IllegalArgumentException("maximumTokens must be at least 1, was " + maximumTokens);
        }
        if (count < 1 || count > MOST_TEXTS) {
            throw new IllegalArgumentException("count must be 1 to " + MOST_TEXTS + ", was " + count);
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("an empty stop string");
        }
        stop = List.copyOf(stop);
        stopTokens = Set.copyOf(stopTokens);
    }

    /** One text, without anything special; it waits for a slot as long as it takes. */
    public static GenerationRequest of(int[] prompt, int maximumTokens, SamplerOptions sampling) {
        return new GenerationRequest(
                prompt,
                maximumTokens,
                sampling,
                List.of(),
                Set.of(),
                Logprobs.NONE,
                Optional.empty(),
                Optional.empty(),
                1,
                "",
                0,
                NO_TIMEOUT,
                true,
                false);
    }
}
