package io.rootstock.toolcalls;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses the JSON of complete tool calls, in any of the forms that models write. */
final class CallReader {
    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private static final Pattern FIRST_MEMBER =
            Pattern.compile("(\\[\\s*)?\\{\\s*\"(name|type|function|parameters|arguments|id)\"");
    private static final Pattern CUT_CALL = Pattern.compile(
            "\\s*(\\[\\s*)?\\{.*?\"name\"\\s*:\\s*\"(?<name>[^\"]+)\"\\s*,\\s*\"(arguments|parameters)\"\\s*:\\s*(?<arguments>.*)",
            Pattern.DOTALL);
    private static final int MAX_FIRST_MEMBER_LENGTH = 40;
    private static final Pattern MISTRAL_ID = Pattern.compile("[a-zA-Z0-9]{9}");

    private final ToolFormat format;
    private final Set<String> names;

    CallReader(ToolFormat format, List<String> names) {
        this.format = format;
        this.names = Set.copyOf(names);
    }

    /**
     * Whether an answer that begins with this text is a tool call without a marker; empty if it is too short to decide.
     */
    Optional<Boolean> looksBare(String text) {
        if (text.charAt(0) != '{' && text.charAt(0) != '[') {
            return Optional.of(false);
        }
        if (FIRST_MEMBER.matcher(text).lookingAt()) {
            return Optional.of(true);
        }
        boolean decided =
                text.startsWith(format.begin()) || text.length() > MAX_FIRST_MEMBER_LENGTH || text.indexOf(':') >= 0;
        return decided ? Optional.of(false) : Optional.empty();
    }

    /** The tool calls in a text that consists of calls only; empty if it does not. */
    List<FunctionCall> read(String text) {
        String json = text.strip();
        if (json.startsWith(format.begin())) {
            json = json.substring(format.begin().length());
        }
        if (!format.end().isEmpty() && json.endsWith(format.end())) {
            json = json.substring(0, json.length() - format.end().length());
        }
        List<FunctionCall> calls = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (JsonNode node : nodes(json)) {
            Optional<FunctionCall> call = call(node, ids);
            if (call.isEmpty()) {
                return List.of();
            }
            calls.add(call.get());
        }
        return calls;
    }

    /** The beginning of a call whose arguments end too early; empty if its function is not yet known. */
    Optional<FunctionCall> readCut(String text) {
        Matcher begun = CUT_CALL.matcher(text);
        return begun.matches() && names.contains(begun.group("name"))
                ? Optional.of(new FunctionCall(id("", new HashSet<>()), begun.group("name"), begun.group("arguments")))
                : Optional.empty();
    }

    private static List<JsonNode> nodes(String json) {
        Optional<JsonNode> whole = JsonObjects.parse(json);
        if (whole.isPresent()) {
            List<JsonNode> nodes = new ArrayList<>();
            if (whole.get().isArray()) {
                whole.get().forEach(nodes::add);
            } else {
                nodes.add(whole.get());
            }
            return nodes;
        }
        // Llama separates several calls by semicolons.
        List<JsonNode> nodes = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (String piece : json.split(";", -1)) {
            part.append(part.isEmpty() ? "" : ";").append(piece);
            Optional<JsonNode> node = JsonObjects.parse(part.toString());
            if (node.isPresent()) {
                nodes.add(node.get());
                part.setLength(0);
            }
        }
        return part.toString().isBlank() ? nodes : List.of();
    }

    private Optional<FunctionCall> call(JsonNode node, Set<String> ids) {
        JsonNode function = node.path("function").isObject() ? node.path("function") : node;
        String name = function.path("name").asText();
        JsonNode arguments = function.has("arguments") ? function.path("arguments") : function.path("parameters");
        if (arguments.isTextual()) {
            arguments = JsonObjects.parse(arguments.textValue()).orElse(arguments);
        }
        if (arguments.isMissingNode() || arguments.isNull()) {
            arguments = JsonObjects.create();
        }
        if (!names.contains(name) || !arguments.isObject()) {
            return Optional.empty();
        }
        return Optional.of(new FunctionCall(id(node.path("id").asText(), ids), name, arguments.toString()));
    }

    /** Mistral's template requires ids of nine letters and digits; its models generate them. */
    private String id(String given, Set<String> ids) {
        if (format != ToolFormat.LISTED) {
            return "call_" + random(24);
        }
        return MISTRAL_ID.matcher(given).matches() && ids.add(given) ? given : random(9);
    }

    private static String random(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append(LETTERS.charAt(ThreadLocalRandom.current().nextInt(LETTERS.length())));
        }
        return text.toString();
    }
}
