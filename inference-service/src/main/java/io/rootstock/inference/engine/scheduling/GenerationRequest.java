package io.rootstock.inference.engine.scheduling;

import io.rootstock.inference.engine.adapter.AdapterUse;
import io.rootstock.inference.engine.sampling.Logprobs;
import io.rootstock.inference.engine.sampling.TokenRules;
import io.rootstock.llama.SamplerOptions;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A generation request. {@link #of} creates one with default options; the generated {@code with} methods change one
 * component each.
 *
 * @param prompt tokens to continue, at least one, fewer than the engine's context length
 * @param maxTokens maximum number of generated tokens, at least 1
 * @param sampling sampler options; the completion of index i uses the seed plus i
 * @param stop strings before which a completion ends, none empty
 * @param tokenRules tokens that may be generated; stop tokens are not part of the text
 * @param logprobs requested log-probabilities
 * @param grammar GBNF grammar with a rule {@code root} that a completion must match
 * @param adapter the adapter to apply
 * @param count number of completions that share one prefill, 1 to {@value #MAX_COMPLETIONS}
 * @param requestId id of the request for {@link GenerationEngine#abort}; need not be unique; may be empty
 * @param priority requests of higher priority leave the queue first
 * @param queueTimeout maximum time in the queue
 * @param reusePrefix whether the prefix cache may be used
 * @param returnTokenIds whether outputs list the generated tokens, without log-probabilities unless requested
 */
@SuppressWarnings("ArrayRecordComponent") // records are never compared; boxed tokens would cost memory
@RecordBuilder
public record GenerationRequest(
        int[] prompt,
        int maxTokens,
        SamplerOptions sampling,
        List<String> stop,
        TokenRules tokenRules,
        Logprobs logprobs,
        Optional<String> grammar,
        Optional<AdapterUse> adapter,
        int count,
        String requestId,
        int priority,
        Duration queueTimeout,
        boolean reusePrefix,
        boolean returnTokenIds)
        implements GenerationRequestBuilder.With {
    /** Maximum number of completions of a request. */
    public static final int MAX_COMPLETIONS = 16;

    /** A queue timeout that is never reached. */
    public static final Duration NO_TIMEOUT = Duration.ofDays(365);

    /**
     * Priority of background requests: if an engine has no others, it decodes only while no other engine does, or once
     * per second.
     */
    public static final int BACKGROUND = Integer.MIN_VALUE;

    public GenerationRequest {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("an empty prompt");
        }
        if (maxTokens < 1) {
            throw new IllegalArgumentException("maxTokens must be at least 1, was " + maxTokens);
        }
        if (count < 1 || count > MAX_COMPLETIONS) {
            throw new IllegalArgumentException("count must be 1 to " + MAX_COMPLETIONS + ", was " + count);
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new IllegalArgumentException("an empty stop string");
        }
        stop = List.copyOf(stop);
    }

    /** A request for one completion with default options and without a queue timeout. */
    public static GenerationRequest of(int[] prompt, int maxTokens, SamplerOptions sampling) {
        return new GenerationRequest(
                prompt,
                maxTokens,
                sampling,
                List.of(),
                TokenRules.NONE,
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
