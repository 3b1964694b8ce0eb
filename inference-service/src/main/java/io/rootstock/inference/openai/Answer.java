package io.rootstock.inference.openai;

import io.rootstock.inference.generate.CompletionStream;
import io.rootstock.inference.v1.Finish;
import java.time.Instant;

/**
 * What every part of one answer begins with.
 *
 * @param id of the answer
 * @param created in seconds since 1970
 * @param model the version that answers, models/{m}/versions/{n}
 */
record Answer(String id, long created, String model) {
    /** Of an answer that begins now; its id holds the request's, which the control service aborts by. */
    static Answer of(String prefix, CompletionStream stream) {
        return new Answer(prefix + stream.requestId(), Instant.now().getEpochSecond(), stream.version());
    }

    /** Why a text ended, in OpenAI's words. */
    static String finishReason(Finish finish) {
        return switch (finish.getReason()) {
            case FINISH_REASON_END_OF_TEXT, FINISH_REASON_STOP_STRING -> "stop";
            case FINISH_REASON_LENGTH -> "length";
            case FINISH_REASON_TOOL_CALLS -> "tool_calls";
            case FINISH_REASON_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("a text ended for no reason: " + finish);
        };
    }

    /** The stop string that was met, as vLLM tells it; null: none was. */
    static String stopReason(Finish finish) {
        return finish.getStop().isEmpty() ? null : finish.getStop();
    }
}
