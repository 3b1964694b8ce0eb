package io.rootstock.inference.openai.generation;

import io.rootstock.inference.completion.CompletionStream;
import io.rootstock.inference.v1.Finish;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * Fields common to all parts of one response.
 *
 * @param id id of the response
 * @param created seconds since 1970
 * @param answering returns the version that answers, which may change until the first delta has arrived
 */
public record ResponseHeader(String id, long created, Supplier<Answering> answering) {
    /** Finish reason of an answer with tool calls. */
    public static final String TOOL_CALLS = "tool_calls";

    /**
     * The version that answers.
     *
     * @param model models/{m}/versions/{n}
     * @param systemFingerprint identifies the version's files and the engine
     */
    public record Answering(String model, String systemFingerprint) {}

    /** Fields of a response that begins now; its id contains the request id, by which the control service aborts it. */
    public static ResponseHeader of(String prefix, CompletionStream stream) {
        return new ResponseHeader(
                prefix + stream.requestId(),
                Instant.now().getEpochSecond(),
                () -> new Answering(stream.version(), stream.systemFingerprint()));
    }

    /** The version that answers, models/{m}/versions/{n}. */
    public String model() {
        return answering.get().model();
    }

    /** Identifies the version's files and the engine. */
    public String systemFingerprint() {
        return answering.get().systemFingerprint();
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
