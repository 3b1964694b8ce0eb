package io.rootstock.inference.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.GenerationOptions;
import io.rootstock.inference.v1.Sampling;
import io.rootstock.names.EnumNames;
import java.util.ArrayList;
import java.util.List;

/** The span of one request, recorded or not; used by the request's reading thread. */
public final class RequestSpan {
    private static final AttributeKey<List<String>> FINISH_REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");

    private final Span span;
    private final List<String> finishReasons = new ArrayList<>();
    private long outputTokens;

    RequestSpan(Span span) {
        this.span = span;
    }

    /** Records the generation options: numbers only, no texts. */
    public void options(GenerationOptions options) {
        if (!span.isRecording()) {
            return;
        }
        Sampling sampling = options.getSampling();
        if (options.getMaxTokens() > 0) {
            span.setAttribute("gen_ai.request.max_tokens", options.getMaxTokens());
        }
        if (options.getN() > 1) {
            span.setAttribute("gen_ai.request.choice.count", options.getN());
        }
        if (sampling.hasTemperature()) {
            span.setAttribute("gen_ai.request.temperature", sampling.getTemperature());
        }
        if (sampling.hasTopP()) {
            span.setAttribute("gen_ai.request.top_p", sampling.getTopP());
        }
        if (sampling.hasTopK()) {
            span.setAttribute("gen_ai.request.top_k", sampling.getTopK());
        }
        if (sampling.hasSeed()) {
            span.setAttribute("gen_ai.request.seed", Integer.toUnsignedLong(sampling.getSeed()));
        }
        if (sampling.hasPresencePenalty()) {
            span.setAttribute("gen_ai.request.presence_penalty", sampling.getPresencePenalty());
        }
        if (sampling.hasFrequencyPenalty()) {
            span.setAttribute("gen_ai.request.frequency_penalty", sampling.getFrequencyPenalty());
        }
    }

    /** Records that a completion has ended. */
    public void finished(Finish finish) {
        if (!span.isRecording()) {
            return;
        }
        outputTokens += finish.getCompletionTokens();
        finishReasons.add(EnumNames.lowerCase(finish.getReason()));
        span.setAttribute("gen_ai.response.model", finish.getVersion())
                .setAttribute("gen_ai.response.id", finish.getRequestId())
                .setAttribute("gen_ai.usage.input_tokens", finish.getPromptTokens())
                .setAttribute("gen_ai.usage.output_tokens", outputTokens)
                .setAttribute("rootstock.usage.cached_tokens", finish.getCachedTokens())
                .setAttribute("rootstock.first_token_milliseconds", finish.getFirstTokenMilliseconds())
                .setAttribute(FINISH_REASONS, List.copyOf(finishReasons));
    }

    /**
     * Records the success of a request without generation.
     *
     * @param version the version that answered
     * @param tokens input tokens
     */
    public void finished(String version, int tokens) {
        span.setAttribute("gen_ai.response.model", version).setAttribute("gen_ai.usage.input_tokens", tokens);
    }

    /** Records that the request was rejected or failed. The message is omitted, because it may quote the request. */
    public void failed(String type) {
        span.setAttribute("error.type", type).setStatus(StatusCode.ERROR);
    }

    public void end() {
        span.end();
    }
}
