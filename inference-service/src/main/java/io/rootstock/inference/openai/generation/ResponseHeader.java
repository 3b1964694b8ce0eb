package io.rootstock.inference.openai.generation;

import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.v1.Finish;
import java.time.Instant;

/**
 * Fields common to all parts of one response.
 *
 * @param id id of the response
 * @param created seconds since 1970
 * @param model the version that answers, models/{m}/versions/{n}
 * @param systemFingerprint identifies the version's files and the engine
 */
public record ResponseHeader(String id, long created, String model, String systemFingerprint) {
    /** Finish reason of an answer with tool calls. */
    public static final String TOOL_CALLS = "tool_calls";

    /** Fields of a response that begins now; its id contains the request id, by which the control service aborts it. */
    public static ResponseHeader of(String prefix, CompletionStream stream) {
        return new ResponseHeader(
                prefix + stream.requestId(),
                Instant.now().getEpochSecond(),
                stream.version(),
                stream.systemFingerprint());
    }

    /** The finish reason in OpenAI's API. */
    public static String finishReason(Finish finish) {
        return switch (finish.getReason()) {
            case FINISH_REASON_END_OF_TEXT, FINISH_REASON_STOP_STRING -> "stop";
            case FINISH_REASON_LENGTH -> "length";
            case FINISH_REASON_TOOL_CALLS -> TOOL_CALLS;
            case FINISH_REASON_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("a text ended for no reason: " + finish);
        };
    }

    /** The stop string that matched, as in vLLM's API; null if none did. */
    public static String stopReason(Finish finish) {
        return finish.getStop().isEmpty() ? null : finish.getStop();
    }
}
