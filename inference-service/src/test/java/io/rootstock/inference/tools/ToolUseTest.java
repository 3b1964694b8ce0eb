package io.rootstock.inference.tools;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Segment;
import io.rootstock.inference.v1.Message;
import io.rootstock.inference.v1.Tool;
import io.rootstock.inference.v1.ToolCall;
import io.rootstock.inference.v1.ToolMode;
import io.rootstock.inference.v1.Tools;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ToolUseTest {
    private static final ChatTemplate PLAIN = ChatTemplate.parse(ChatTemplate.CHATML);
    private static final ChatTemplate KNOWING = ChatTemplate.parse("{{ '[TOOLS]' ~ (tools|tojson) if tools else '' }}"
            + "{% for m in messages %}<{{ m.role }}>{{ m.content }}"
            + "{% for c in m.tool_calls or [] %}[TOOL_CALLS]{{ c.function|tojson }}{{ c.id }}{% endfor %}{% endfor %}");
    private static final Tool WEATHER = Tool.newBuilder()
            .setName("weather")
            .setDescription("Tells it.")
            .setParametersSchema("{\"type\": \"object\", \"properties\": {\"city\": {\"$ref\": \"#/$defs/c\"}},"
                    + " \"$defs\": {\"c\": {\"type\": \"string\"}}}")
            .build();
    private static final Tool NOW = Tool.newBuilder().setName("now").build();
    private static final List<Message> CALLED = List.of(
            Message.newBuilder().setRole("user").setContent("Rome?").build(),
            Message.newBuilder()
                    .setRole("assistant")
                    .addToolCalls(
                            ToolCall.newBuilder().setId("c1").setName("weather").setArguments("{\"city\": \"Rome\"}"))
                    .addToolCalls(ToolCall.newBuilder().setId("c2").setName("now"))
                    .build(),
            Message.newBuilder()
                    .setRole("tool")
                    .setToolCallId("c1")
                    .setContent("sun")
                    .build(),
            Message.newBuilder()
                    .setRole("tool")
                    .setToolCallId("c2")
                    .setContent("noon")
                    .build());

    private static Tools tools(ToolMode mode, Tool... tools) {
        return Tools.newBuilder().addAllTools(List.of(tools)).setMode(mode).build();
    }

    private static String rendered(ChatTemplate template, Tools tools, List<Message> messages) {
        return template.render(ToolUse.of(tools, template).conversation(messages, Map.of())).stream()
                .map(Segment::text)
                .collect(Collectors.joining());
    }

    @Test
    void templatesWithToolSupportRenderTheTools() {
        assertThat(rendered(KNOWING, tools(ToolMode.TOOL_MODE_AUTO, NOW), CALLED))
                .isEqualTo("[TOOLS][{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"\","
                        + " \"parameters\": {\"type\": \"object\", \"properties\": {}, \"additionalProperties\": false}}}]"
                        + "<user>Rome?<assistant>[TOOL_CALLS]{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}c1"
                        + "[TOOL_CALLS]{\"name\": \"now\", \"arguments\": {}}c2<tool>sun<tool>noon");
    }

    @Test
    void otherTemplatesGetTheDefaultToolPrompt() {
        String text = rendered(PLAIN, tools(ToolMode.TOOL_MODE_AUTO, WEATHER), CALLED);
        assertThat(text)
                .startsWith("<|im_start|>system\nYou may call functions to answer.")
                .contains("<tools>\n{\"name\": \"weather\", \"description\": \"Tells it.\", \"parameters\": {")
                .endsWith("""
                        <|im_start|>user
                        Rome?<|im_end|>
                        <|im_start|>assistant
                        <tool_call>
                        {"name": "weather", "arguments": {"city": "Rome"}}
                        </tool_call>
                        <tool_call>
                        {"name": "now", "arguments": {}}
                        </tool_call><|im_end|>
                        <|im_start|>user
                        <tool_response>
                        sun
                        </tool_response>
                        <tool_response>
                        noon
                        </tool_response><|im_end|>
                        <|im_start|>assistant
                        """);
        List<Message> withSystem = List.of(
                Message.newBuilder().setRole("system").setContent("Be brief.").build(),
                Message.newBuilder().setRole("user").setContent("Hi").build());
        assertThat(rendered(PLAIN, tools(ToolMode.TOOL_MODE_AUTO, NOW), withSystem))
                .startsWith("<|im_start|>system\nBe brief.\n\nYou may call functions");
    }

    @Test
    void withoutToolUseNoFunctionIsRenderedOrParsed() {
        Tools none = tools(ToolMode.TOOL_MODE_NONE, WEATHER);
        assertThat(rendered(PLAIN, none, CALLED)).doesNotContain("<tools>");
        assertThat(ToolUse.of(none, PLAIN).parser()).isEmpty();
        assertThat(ToolUse.of(Tools.getDefaultInstance(), PLAIN).parser()).isEmpty();
    }

    @Test
    void aForcedCallHasItsPrefixInThePromptAndASchema() {
        ToolUse any = ToolUse.of(tools(ToolMode.TOOL_MODE_REQUIRED, WEATHER, NOW), PLAIN);
        assertThat(any.answerBeginning()).isEqualTo("<tool_call>\n");
        assertThat(any.callSchema().orElseThrow())
                .startsWith("{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"name\":{\"const\":\"weather\"}");
        Tools named = tools(ToolMode.TOOL_MODE_REQUIRED, WEATHER, NOW).toBuilder()
                .setRequiredName("weather")
                .build();
        assertThat(ToolUse.of(named, KNOWING).answerBeginning()).isEqualTo("[TOOL_CALLS] [");
        assertThat(ToolUse.of(named, KNOWING).callSchema().orElseThrow())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"name\":{\"const\":\"weather\"},"
                        + "\"arguments\":{\"type\":\"object\",\"properties\":{\"city\":{\"$ref\":\"#/$defs/c\"}}}},"
                        + "\"required\":[\"name\",\"arguments\"],\"additionalProperties\":false,"
                        + "\"$defs\":{\"c\":{\"type\":\"string\"}}}");
        assertThat(ToolUse.of(tools(ToolMode.TOOL_MODE_AUTO, WEATHER), PLAIN).callSchema())
                .isEmpty();
    }

    @Test
    void invalidRequestsAreRejectedByField() {
        refused(
                tools(ToolMode.TOOL_MODE_AUTO, Tool.newBuilder().setName("a b").build()),
                CALLED,
                "tools.tools[0].name");
        refused(tools(ToolMode.TOOL_MODE_AUTO, NOW, NOW), CALLED, "tools.tools[1].name");
        refused(
                tools(
                        ToolMode.TOOL_MODE_AUTO,
                        WEATHER.toBuilder().setParametersSchema("[]").build()),
                CALLED,
                "tools.tools[0].parameters_schema");
        refused(tools(ToolMode.TOOL_MODE_REQUIRED), CALLED, "tools.mode");
        refused(
                tools(ToolMode.TOOL_MODE_REQUIRED, NOW).toBuilder()
                        .setRequiredName("x")
                        .build(),
                CALLED,
                "tools.required_name");
        Tools none = Tools.getDefaultInstance();
        refused(none, List.of(), "messages");
        refused(none, List.of(CALLED.get(2)), "messages[0].tool_call_id");
        refused(none, List.of(CALLED.get(0).toBuilder().setRole("root").build()), "messages[0].role");
        refused(none, List.of(CALLED.get(1).toBuilder().setRole("user").build()), "messages[0].tool_calls");
        refused(none, List.of(CALLED.get(1), CALLED.get(1)), "messages[1].tool_calls[0].id");
        Message bad = CALLED.get(1).toBuilder()
                .setToolCalls(0, CALLED.get(1).getToolCalls(0).toBuilder().setArguments("{"))
                .build();
        refused(none, List.of(bad), "messages[0].tool_calls[0].arguments");
    }

    private static void refused(Tools tools, List<Message> messages, String field) {
        assertThatThrownBy(() -> ToolUse.of(tools, PLAIN).conversation(messages, Map.of()))
                .isInstanceOfSatisfying(
                        StatusRuntimeException.class,
                        e -> assertThat(e.getStatus().getDescription()).contains(field));
    }
}
