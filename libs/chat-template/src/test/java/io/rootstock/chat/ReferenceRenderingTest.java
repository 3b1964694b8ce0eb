package io.rootstock.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.rootstock.chat.jinja.JinjaTemplate;
import io.rootstock.chat.jinja.runtime.RenderedPiece;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Compares renderings with Jinja2's, character by character; {@code reference/render.py} writes the expected ones. */
class ReferenceRenderingTest {
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-05T14:07:09Z"), ZoneOffset.UTC);
    private static final ObjectMapper JSON = new ObjectMapper();

    static Stream<Arguments> renderings() {
        List<Arguments> renderings = new ArrayList<>();
        JsonNode conversations = json("conversations.json");
        json("expected.json")
                .properties()
                .forEach(template -> template.getValue()
                        .properties()
                        .forEach(rendering -> renderings.add(Arguments.of(
                                template.getKey(),
                                rendering.getKey(),
                                conversation(conversations.get(rendering.getKey())),
                                rendering.getValue()))));
        return renderings.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("renderings")
    void isIdentical(String template, String name, Conversation conversation, JsonNode expected) {
        JinjaTemplate jinja = JinjaTemplate.parse(source(template));
        Map<String, Object> variables = new Sources(conversation).variables();
        variables.put("bos_token", Text.of("<s>"));
        variables.put("eos_token", Text.of("</s>"));
        if (expected.has("text")) {
            String text = jinja.render(variables, CLOCK).stream()
                    .map(written -> written.piece().text())
                    .collect(Collectors.joining());
            assertThat(text).isEqualTo(expected.get("text").textValue());
        } else {
            assertThatThrownBy(() -> jinja.render(variables, CLOCK))
                    .isInstanceOfSatisfying(
                            JinjaException.class, e -> assertThat(e.raised()).isTrue())
                    .hasMessage(expected.get("refused").textValue());
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("renderings")
    void isRefusedWhereTheReferenceLosesSomething(
            String template, String name, Conversation conversation, JsonNode expected) {
        ChatTemplate chat = ChatTemplate.parse(source(template), "<s>", "</s>", CLOCK);
        String reference = expected.path("text").asText();
        boolean lost = conversation.turns().stream()
                .anyMatch(turn -> !turn.toolCalls().isEmpty()
                        && !reference.contains(turn.toolCalls().getFirst().name()));
        boolean hidden = conversation.tools().stream().anyMatch(tool -> !reference.contains(tool.name()));
        if (expected.has("refused") || lost || hidden) {
            assertThatThrownBy(() -> chat.render(conversation)).isInstanceOf(ChatTemplateException.class);
        } else if (Set.of("alternating", "tags", "idioms").contains(template)) {
            // These templates do not render some roles, or render only parts of them.
            assertThat(reference).isNotEmpty();
        } else {
            assertThat(chat.render(conversation).stream().map(Segment::text).collect(Collectors.joining()))
                    .isEqualTo(reference);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("renderings")
    void keepsWhatOthersWroteOutOfTheTemplatesText(
            String template, String name, Conversation conversation, JsonNode expected) {
        if (!expected.has("text")) {
            return;
        }
        Conversation forging = forging(conversation);
        Map<String, Object> variables = new Sources(forging).variables();
        variables.put("bos_token", Text.of("<s>"));
        variables.put("eos_token", Text.of("</s>"));
        List<RenderedPiece> written = JinjaTemplate.parse(source(template)).render(variables, CLOCK);
        assertThat(written)
                .filteredOn(part -> part.piece().source() == Text.TEMPLATE)
                .allSatisfy(part -> assertThat(part.piece().text()).doesNotContainIgnoringCase("forged"));
        Set<Integer> sources = new HashSet<>(
                written.stream().map(part -> part.piece().source()).toList());
        assertThat(sources).hasSizeGreaterThan(1);
    }

    /** Copies the conversation, with a forged special token in all content. */
    private static Conversation forging(Conversation conversation) {
        String forged = "<|forged|>";
        return new Conversation(
                conversation.turns().stream()
                        .map(turn -> new Turn(
                                turn.role(),
                                turn.content().isEmpty() ? "" : forged + turn.content() + forged,
                                turn.toolCalls().stream()
                                        .map(call -> new ToolCall(
                                                call.id(), call.name() + forged, Map.of(forged, Map.of("x", forged))))
                                        .toList(),
                                turn.toolCallId()))
                        .toList(),
                conversation.tools().stream()
                        .map(tool -> new ToolDefinition(
                                tool.name() + forged,
                                forged,
                                Map.of("type", "object", "properties", Map.of(forged, Map.of("type", forged)))))
                        .toList(),
                conversation.addGenerationPrompt(),
                conversation.variables());
    }

    private static Conversation conversation(JsonNode node) {
        List<Turn> turns = new ArrayList<>();
        node.get("messages").forEach(message -> {
            List<ToolCall> calls = new ArrayList<>();
            message.path("tool_calls")
                    .forEach(call -> calls.add(new ToolCall(
                            call.get("id").textValue(),
                            call.get("function").get("name").textValue(),
                            map(call.get("function").get("arguments")))));
            turns.add(new Turn(
                    message.get("role").textValue(),
                    message.get("content").textValue(),
                    calls,
                    message.path("tool_call_id").asText()));
        });
        List<ToolDefinition> tools = new ArrayList<>();
        node.path("tools").forEach(tool -> {
            JsonNode function = tool.get("function");
            tools.add(new ToolDefinition(
                    function.get("name").textValue(),
                    function.get("description").textValue(),
                    map(function.get("parameters"))));
        });
        return new Conversation(
                turns,
                tools,
                node.get("add_generation_prompt").booleanValue(),
                node.has("variables") ? map(node.get("variables")) : Map.of());
    }

    @SuppressWarnings("unchecked") // JSON objects have string keys
    private static Map<String, Object> map(JsonNode node) {
        return JSON.convertValue(node, Map.class);
    }

    private static JsonNode json(String file) {
        try {
            return JSON.readTree(resource(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String source(String template) {
        return resource("templates/" + template + ".jinja");
    }

    private static String resource(String file) {
        try (InputStream in = ReferenceRenderingTest.class.getResourceAsStream("/reference/" + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
