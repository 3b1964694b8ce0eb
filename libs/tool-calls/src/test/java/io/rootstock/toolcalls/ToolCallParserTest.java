package io.rootstock.toolcalls;

import static org.assertj.core.api.Assertions.assertThat;

import io.rootstock.toolcalls.ToolCallParser.Part;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolCallParserTest {
    private static final List<String> NAMES = List.of("weather", "now");

    /** Parses text and tool calls of an answer; checks that the result is independent of the chunk size. */
    private static List<String> parts(ToolFormat format, boolean forced, String answer) {
        List<String> whole = parts(format, forced, answer, answer.length());
        for (int size = 1; size < answer.length(); size++) {
            assertThat(parts(format, forced, answer, size)).isEqualTo(whole);
        }
        return whole;
    }

    private static List<String> parts(ToolFormat format, boolean forced, String answer, int size) {
        ToolCallParser parser = new ToolCallParser(format, NAMES, forced);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < answer.length(); i += size) {
            parts.addAll(parser.push(answer.substring(i, Math.min(i + size, answer.length()))));
        }
        parts.addAll(parser.rest());
        List<String> result = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        for (Part part : parts) {
            switch (part) {
                case ToolCallParser.Text said -> words.append(said.text());
                case ToolCallParser.Call made -> {
                    flush(words, result);
                    FunctionCall call = made.call();
                    assertThat(call.id()).matches("call_[a-zA-Z0-9]{24}|[a-zA-Z0-9]{9}");
                    result.add("CALL " + call.name() + call.arguments());
                }
            }
        }
        flush(words, result);
        assertThat(parser.called()).isEqualTo(result.stream().anyMatch(part -> part.startsWith("CALL")));
        return result;
    }

    private static void flush(StringBuilder words, List<String> result) {
        if (!words.isEmpty()) {
            result.add(words.toString());
            words.setLength(0);
        }
    }

    @Test
    void taggedCallsAreFoundInText() {
        assertThat(parts(ToolFormat.TAGGED, false, """
                Let me see.
                <tool_call>
                {"name": "weather", "arguments": {"city": "Rome </tool", "days": [1, 2.5]}}
                </tool_call>
                <tool_call>{"name":"now","arguments":{}}</tool_call>
                """))
                .containsExactly(
                        "Let me see.", "CALL weather{\"city\":\"Rome </tool\",\"days\":[1,2.5]}", "CALL now{}");
    }

    @Test
    void anAnswerWithoutCallIsText() {
        for (String answer : List.of(
                "Just words. \n", "1 < 2 <tool", "<tool_cal>", " {\"name\": \"weather\"} ", "", " \n", "a<tool_call")) {
            assertThat(String.join("", parts(ToolFormat.TAGGED, false, answer))).isEqualTo(answer);
        }
    }

    @Test
    void invalidJsonAndUnknownFunctionsAreText() {
        for (String answer : List.of(
                "<tool_call>{\"name\": \"weather\", }</tool_call>",
                "<tool_call>{\"name\": \"rm\", \"arguments\": {}}</tool_call>",
                "<tool_call>{\"name\": \"weather\", \"arguments\": [1]}</tool_call> and on",
                "<tool_call>\n{\"name\": \"weather\", \"argum",
                "<tool_call></tool_call>")) {
            assertThat(parts(ToolFormat.TAGGED, false, answer)).containsExactly(answer);
        }
    }

    @Test
    void aCallWithoutEndTagIsFound() {
        assertThat(parts(
                        ToolFormat.TAGGED,
                        false,
                        "<tool_call>\n{\"name\": \"now\", \"arguments\": \"{\\\"a\\\": 1}\"}\n"))
                .containsExactly("CALL now{\"a\":1}");
    }

    @Test
    void llamasBareJsonIsACall() {
        assertThat(parts(ToolFormat.BARE, false, "{\"name\": \"weather\", \"parameters\": {\"city\": \"Rome\"}}"))
                .containsExactly("CALL weather{\"city\":\"Rome\"}");
        assertThat(parts(
                        ToolFormat.BARE,
                        false,
                        "<|python_tag|>{\"type\": \"function\", \"function\": {\"name\": \"now\", \"parameters\": {}}}; "
                                + "{\"name\": \"weather\", \"parameters\": {\"city\": \"a;b\"}}"))
                .containsExactly("CALL now{}", "CALL weather{\"city\":\"a;b\"}");
    }

    @Test
    void otherJsonAndTextFromLlamaAreText() {
        for (String answer : List.of(
                "{\"colour\": \"red\"}",
                "{\"name\": \"Bob\", \"age\": 3}",
                "Sure: {\"name\": \"now\"}",
                "{ }",
                "[1, 2]")) {
            assertThat(parts(ToolFormat.BARE, false, answer)).containsExactly(answer);
        }
    }

    @Test
    void textFromLlamaIsReleasedAtOnce() {
        ToolCallParser parser = new ToolCallParser(ToolFormat.BARE, NAMES, false);
        assertThat(parser.push("Hello")).containsExactly(new ToolCallParser.Text("Hello"));
        assertThat(parser.push(" there")).containsExactly(new ToolCallParser.Text(" there"));
    }

    @Test
    void mistralCallListsAreFoundWithAndWithoutMarker() {
        String list = "[{\"name\": \"weather\", \"arguments\": {\"city\": \"Rome\"}, \"id\": \"abcDEF123\"}, "
                + "{\"name\": \"now\", \"arguments\": {}}]";
        for (String answer : List.of("[TOOL_CALLS] " + list, list, " " + list)) {
            assertThat(parts(ToolFormat.LISTED, false, answer))
                    .containsExactly("CALL weather{\"city\":\"Rome\"}", "CALL now{}");
        }
        assertThat(parts(ToolFormat.LISTED, false, "[1] is a source. [TOO")).containsExactly("[1] is a source. [TOO");
        ToolCallParser parser = new ToolCallParser(ToolFormat.LISTED, NAMES, false);
        parser.push(list);
        assertThat(((ToolCallParser.Call) parser.rest().getFirst()).call().id()).isEqualTo("abcDEF123");
    }

    @Test
    void aForcedCallIsTheCompleteText() {
        String json = "{\"name\": \"weather\", \"arguments\": {\"city\": \"<tool_call>\"}}";
        assertThat(parts(ToolFormat.TAGGED, true, json)).containsExactly("CALL weather{\"city\":\"<tool_call>\"}");
        assertThat(parts(ToolFormat.LISTED, true, json)).containsExactly("CALL weather{\"city\":\"<tool_call>\"}");
        assertThat(parts(ToolFormat.TAGGED, true, "{\"name\": \"weath")).containsExactly("{\"name\": \"weath");
    }

    @Test
    void aForcedCallThatWasCutHasTheArgumentsWrittenSoFar() {
        assertThat(parts(ToolFormat.TAGGED, true, "{\"name\": \"weather\", \"arguments\": {\"city\": \"Ro"))
                .containsExactly("CALL weather{\"city\": \"Ro");
        assertThat(parts(ToolFormat.LISTED, true, "[{\"name\": \"now\", \"arguments\": "))
                .containsExactly("CALL now");
        assertThat(parts(ToolFormat.TAGGED, true, "{\"name\": \"other\", \"arguments\": {"))
                .containsExactly("{\"name\": \"other\", \"arguments\": {");
    }
}
