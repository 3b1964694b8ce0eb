package io.rootstock.inference.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.http.Json;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** OpenAI-compatible chunks of chat completions. */
class ChatDeltasTest {
    private static final ResponseHeader HEADER = new ResponseHeader("chatcmpl-1", 7, "models/m/versions/1");

    private static String json(Object answer) {
        return new String(Json.bytes(answer), StandardCharsets.UTF_8);
    }

    private static Finish finish(FinishReason reason, int prompt, int made) {
        return Finish.newBuilder()
                .setReason(reason)
                .setPromptTokens(prompt)
                .setCachedTokens(prompt - 1)
                .setCompletionTokens(made)
                .build();
    }

    private static String events(ChatDeltas events, Delta delta) {
        return json(ChatCompletionResponse.chunk(HEADER, events.of(delta), null, List.of()));
    }

    @Test
    void aStreamBeginsWithItsRoleAndEndsWithItsFinishReason() {
        ChatDeltas events = new ChatDeltas(false);
        String head = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,"
                + "\"model\":\"models/m/versions/1\",\"choices\":[";
        assertThat(events(events, new Delta.Text(0, "Hi", List.of())))
                .isEqualTo(head
                        + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":null},"
                        + "{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"finish_reason\":null}]}");
        assertThat(events(events, new Delta.End(0, finish(FinishReason.FINISH_REASON_STOP_STRING, 4, 2))))
                .isEqualTo(head + "{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}");
        assertThat(json(events.usage()))
                .isEqualTo("{\"prompt_tokens\":4,\"completion_tokens\":2,\"total_tokens\":6,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":3}}");
    }

    @Test
    void callsAreNumberedAndOnlyTheFirstIsSentWithoutParallelCalls() {
        Delta.Calls two = new Delta.Calls(
                1,
                List.of(
                        ToolCall.newBuilder()
                                .setId("a")
                                .setName("f")
                                .setArguments("{}")
                                .build(),
                        ToolCall.newBuilder()
                                .setId("b")
                                .setName("g")
                                .setArguments("{}")
                                .build()));
        assertThat(events(new ChatDeltas(false), two))
                .contains(
                        "{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}")
                .contains(
                        "{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}");
        assertThat(events(new ChatDeltas(true), two)).contains("\"id\":\"a\"").doesNotContain("\"id\":\"b\"");
    }
}
