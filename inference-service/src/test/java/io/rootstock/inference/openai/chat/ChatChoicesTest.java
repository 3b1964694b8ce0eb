package io.rootstock.inference.openai.chat;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.inference.completion.Delta;
import io.rootstock.inference.completion.UnaryCompletion;
import io.rootstock.inference.http.Json;
import io.rootstock.inference.openai.chat.ChatCompletionResponse.PromptDetails;
import io.rootstock.inference.openai.generation.ResponseHeader;
import io.rootstock.inference.openai.generation.StreamOptions;
import io.rootstock.inference.openai.generation.TokenDetails;
import io.rootstock.inference.openai.generation.UsageField;
import io.rootstock.inference.v1.Finish;
import io.rootstock.inference.v1.FinishReason;
import io.rootstock.inference.v1.TokenLogprob;
import io.rootstock.inference.v1.ToolCall;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** OpenAI-compatible choices of chat completions and their chunks. */
class ChatChoicesTest {
    private static final ResponseHeader HEADER =
            new ResponseHeader("chatcmpl-1", 7, () -> new ResponseHeader.Answering("models/m/versions/1", "fp_1"));
    private static final TokenDetails TEXT = new TokenDetails(false, false);
    private static final String HEAD = "{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":7,"
            + "\"model\":\"models/m/versions/1\",\"choices\":[";
    private static final ToolCall FIRST =
            ToolCall.newBuilder().setId("a").setName("f").setArguments("{}").build();
    private static final ToolCall SECOND =
            ToolCall.newBuilder().setId("b").setName("g").setArguments("{}").build();

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

    private static ChatChoices choices(boolean oneCall) {
        return new ChatChoices(TEXT, oneCall, false);
    }

    private static String chunk(ChatChoices choices, Delta delta, UsageField usage) {
        return json(ChatCompletionResponse.chunk(HEADER, choices.of(delta), usage, PromptDetails.NONE));
    }

    private static String chunk(ChatChoices choices, Delta delta) {
        return chunk(choices, delta, null);
    }

    private static TokenLogprob token(int id) {
        return TokenLogprob.newBuilder().setToken(id).build();
    }

    @Test
    void aStreamBeginsWithItsRoleAndEndsWithItsFinishReason() {
        ChatChoices choices = choices(false);
        assertThat(chunk(choices, new Delta.Text(0, "Hi", List.of())))
                .isEqualTo(HEAD
                        + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
                        + "\"finish_reason\":null},"
                        + "{\"index\":0,\"delta\":{\"content\":\"Hi\"},\"logprobs\":null,\"finish_reason\":null}],"
                        + "\"system_fingerprint\":\"fp_1\"}");
        assertThat(chunk(choices, new Delta.End(0, finish(FinishReason.FINISH_REASON_STOP_STRING, 4, 2))))
                .isEqualTo(HEAD + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}],"
                        + "\"system_fingerprint\":\"fp_1\"}");
        assertThat(json(choices.usage()))
                .isEqualTo("{\"prompt_tokens\":4,\"completion_tokens\":2,\"total_tokens\":6,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":3}}");
    }

    @Test
    void usageIsNullInEarlierChunksIfRequestedForTheLast() {
        Delta.Text text = new Delta.Text(0, "Hi", List.of());
        UsageField later = new StreamOptions(true, true, false).usageSoFar(3, 1);
        assertThat(chunk(choices(false), text, later)).contains("],\"usage\":null,\"system_fingerprint\"");
        UsageField continuous = new StreamOptions(true, true, true).usageSoFar(3, 1);
        assertThat(chunk(choices(false), text, continuous))
                .contains("\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}");
        assertThat(new StreamOptions(true, false, false).usageSoFar(3, 1)).isNull();
    }

    @Test
    void callsAreNumberedAndOnlyTheFirstIsSentWithoutParallelCalls() {
        Delta.Calls two = new Delta.Calls(1, List.of(FIRST, SECOND));
        assertThat(chunk(choices(false), two))
                .contains(
                        "{\"index\":0,\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}")
                .contains(
                        "{\"index\":1,\"id\":\"b\",\"type\":\"function\",\"function\":{\"name\":\"g\",\"arguments\":\"{}\"}}");
        assertThat(chunk(choices(true), two)).contains("\"id\":\"a\"").doesNotContain("\"id\":\"b\"");
    }

    @Test
    void aWholeAnswerHasTheFieldsThatOpenAiRequires() {
        Finish finish = finish(FinishReason.FINISH_REASON_TOOL_CALLS, 4, 2);
        assertThat(json(choices(false).of(new UnaryCompletion(0, "", List.of(FIRST), List.of(), finish))))
                .isEqualTo("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,"
                        + "\"tool_calls\":[{\"id\":\"a\",\"type\":\"function\",\"function\":{\"name\":\"f\","
                        + "\"arguments\":\"{}\"}}]},\"logprobs\":null,\"finish_reason\":\"tool_calls\"}");
        List<TokenLogprob> tokens = List.of(token(5).toBuilder().setLogprob(-1).build());
        assertThat(json(new ChatChoices(new TokenDetails(true, false), false, false)
                        .of(new UnaryCompletion(0, "x", List.of(), tokens, finish))))
                .contains("\"content\":\"x\",\"refusal\":null}")
                .contains("\"logprobs\":{\"content\":[{")
                .contains("],\"refusal\":null}");
    }

    @Test
    void callsOfLegacyFunctionsHaveTheLegacyShape() {
        ChatChoices legacy = new ChatChoices(TEXT, true, true);
        Finish finish = finish(FinishReason.FINISH_REASON_TOOL_CALLS, 4, 2);
        assertThat(json(legacy.of(new UnaryCompletion(0, "", List.of(FIRST, SECOND), List.of(), finish))))
                .isEqualTo("{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":null,\"refusal\":null,"
                        + "\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}},\"logprobs\":null,"
                        + "\"finish_reason\":\"function_call\"}");
        assertThat(chunk(legacy, new Delta.Calls(0, List.of(FIRST, SECOND))))
                .contains("\"delta\":{\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}}")
                .doesNotContain("tool_calls", "\"g\"");
        assertThat(chunk(legacy, new Delta.End(0, finish))).contains("\"finish_reason\":\"function_call\"");
        Finish cut = finish(FinishReason.FINISH_REASON_LENGTH, 4, 2);
        assertThat(chunk(legacy, new Delta.End(0, cut))).contains("\"finish_reason\":\"length\"");
    }

    @Test
    void tokenIdsAreReturnedWithoutLogProbabilities() {
        ChatChoices choices = new ChatChoices(new TokenDetails(false, true), false, false);
        List<TokenLogprob> tokens = List.of(token(5), token(6));
        assertThat(chunk(choices, new Delta.Text(0, "Hi", tokens)))
                .contains("{\"content\":\"Hi\"},\"logprobs\":null,\"finish_reason\":null,\"token_ids\":[5,6]}");
        assertThat(json(ChatCompletionResponse.unary(
                        HEADER, List.of(), null, new PromptDetails(List.of(), List.of(1, 2)))))
                .endsWith("\"system_fingerprint\":\"fp_1\",\"prompt_token_ids\":[1,2]}");
    }
}
