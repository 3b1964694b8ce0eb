package io.rootstock.toolcalls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.rootstock.chat.ChatTemplate;
import io.rootstock.chat.Segment;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ToolUseTest {
    private static final ChatTemplate PLAIN = ChatTemplate.parse(ChatTemplate.CHATML);
    private static final ChatTemplate KNOWING = ChatTemplate.parse("{{ '[TOOLS]' ~ (tools|tojson) if tools else '' }}"
            + "{% for m in messages %}<{{ m.role }}>{{ m.content }}"
            + "{% for c in m.tool_calls or [] %}[TOOL_CALLS]{{ c.function|tojson }}{{ c.id }}{% endfor %}{% endfor %}");
    private static final FunctionTool WEATHER = new FunctionTool(
            "weather",
            "Tells it.",
            "{\"type\": \"object\", \"properties\": {\"city\": {\"$ref\": \"#/$defs/c\"}},"
                    + " \"$defs\": {\"c\": {\"type\": \"string\"}}}");
    private static final FunctionTool NOW = new FunctionTool("now", "", "");
    private static final ToolOptions WITHOUT_TOOLS = tools(ToolMode.AUTO);
    private static final FunctionCall ROME = new FunctionCall("c1", "weather", "{\"city\": \"Rome\"}");
    private static final FunctionCall TIME = new FunctionCall("c2", "now", "");
    private static final List<ChatMessage> CALLED = List.of(
            message("user", "Rome?"),
            new ChatMessage("assistant", "", List.of(ROME, TIME), ""),
            new ChatMessage("tool", "sun", List.of(), "c1"),
            new ChatMessage("tool", "noon", List.of(), "c2"));

    private static ChatMessage message(String role, String content) {
        return new ChatMessage(role, content, List.of(), "");
    }

    private static ToolOptions tools(ToolMode mode, FunctionTool... tools) {
        return new ToolOptions(List.of(tools), mode, "");
    }

    private static ToolOptions required(String name, FunctionTool... tools) {
        return new ToolOptions(List.of(tools), ToolMode.REQUIRED, name);
    }

    private static String rendered(ChatTemplate template, ToolOptions tools, List<ChatMessage> messages) {
        return template.render(ToolUse.of(tools, template).conversation(messages, Map.of())).stream()
                .map(Segment::text)
                .collect(Collectors.joining());
    }

    @Test
    void templatesWithToolSupportRenderTheTools() {
        assertThat(rendered(KNOWING, tools(ToolMode.AUTO, NOW), CALLED))
                .isEqualTo("[TOOLS][{\"type\": \"function\", \"function\": {\"name\": \"now\", \"description\": \"\","
                        + " \"parameters\": {\"type\": \"object\", \"properties\": {}, \"additionalProperties\": false}}}]"
                        + "<user>Rome?<assistant>[TOOL_CALLS]{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}}c1"
                        + "[TOOL_CALLS]{\"name\": \"now\", \"arguments\": {}}c2<tool>sun<tool>noon");
    }

    @Test
    void otherTemplatesGetTheDefaultToolPrompt() {
        String text = rendered(PLAIN, tools(ToolMode.AUTO, WEATHER), CALLED);
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
        List<ChatMessage> withSystem = List.of(message("system", "Be brief."), message("user", "Hi"));
        assertThat(rendered(PLAIN, tools(ToolMode.AUTO, NOW), withSystem))
                .startsWith("<|im_start|>system\nBe brief.\n\nYou may call functions");
    }

    @Test
    void withoutToolUseNoFunctionIsRenderedOrParsed() {
        ToolOptions none = tools(ToolMode.NONE, WEATHER);
        assertThat(rendered(PLAIN, none, CALLED)).doesNotContain("<tools>");
        assertThat(ToolUse.of(none, PLAIN).parser()).isEmpty();
        assertThat(ToolUse.of(WITHOUT_TOOLS, PLAIN).parser()).isEmpty();
    }

    @Test
    void aForcedCallHasItsPrefixInThePromptAndASchema() {
        ToolUse any = ToolUse.of(tools(ToolMode.REQUIRED, WEATHER, NOW), PLAIN);
        assertThat(any.answerBeginning()).isEqualTo("<tool_call>\n");
        assertThat(any.callSchema().orElseThrow())
                .startsWith("{\"anyOf\":[{\"type\":\"object\",\"properties\":{\"name\":{\"const\":\"weather\"}")
                .contains("{\"$ref\":\"#/anyOf/0/properties/arguments/$defs/c\"}");
        ToolOptions named = required("weather", WEATHER, NOW);
        assertThat(ToolUse.of(named, KNOWING).answerBeginning()).isEqualTo("[TOOL_CALLS] [");
        assertThat(ToolUse.of(named, KNOWING).callSchema().orElseThrow())
                .isEqualTo("{\"type\":\"object\",\"properties\":{\"name\":{\"const\":\"weather\"},"
                        + "\"arguments\":{\"type\":\"object\",\"properties\":{\"city\":"
                        + "{\"$ref\":\"#/properties/arguments/$defs/c\"}},\"$defs\":{\"c\":{\"type\":\"string\"}}}},"
                        + "\"required\":[\"name\",\"arguments\"],\"additionalProperties\":false}");
        assertThat(ToolUse.of(tools(ToolMode.AUTO, WEATHER), PLAIN).callSchema())
                .isEmpty();
    }

    @Test
    void invalidRequestsAreRejectedByField() {
        refused(tools(ToolMode.AUTO, new FunctionTool("a b", "", "")), CALLED, "tools.tools[0].name");
        refused(tools(ToolMode.AUTO, NOW, NOW), CALLED, "tools.tools[1].name");
        refused(
                tools(ToolMode.AUTO, new FunctionTool("weather", "", "[]")),
                CALLED,
                "tools.tools[0].parameters_schema");
        refused(tools(ToolMode.REQUIRED), CALLED, "tools.mode");
        refused(required("x", NOW), CALLED, "tools.required_name");
        refused(WITHOUT_TOOLS, List.of(), "messages");
        refused(WITHOUT_TOOLS, List.of(CALLED.get(2)), "messages[0].tool_call_id");
        refused(WITHOUT_TOOLS, List.of(message("root", "Rome?")), "messages[0].role");
        refused(WITHOUT_TOOLS, List.of(new ChatMessage("user", "", List.of(ROME), "")), "messages[0].tool_calls");
        refused(WITHOUT_TOOLS, List.of(CALLED.get(1), CALLED.get(1)), "messages[1].tool_calls[0].id");
        refused(
                WITHOUT_TOOLS,
                List.of(new ChatMessage("assistant", "", List.of(new FunctionCall("c1", "weather", "{")), "")),
                "messages[0].tool_calls[0].arguments");
    }

    private static void refused(ToolOptions tools, List<ChatMessage> messages, String field) {
        assertThatThrownBy(() -> ToolUse.of(tools, PLAIN).conversation(messages, Map.of()))
                .isInstanceOfSatisfying(
                        InvalidToolUseException.class,
                        e -> assertThat(e.field()).isEqualTo(field));
    }
}
