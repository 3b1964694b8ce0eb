package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.rootstock.chat.Turn;
import io.rootstock.corpus.source.RowFields;
import io.rootstock.corpus.source.RowFields.RowRefusedException;
import io.rootstock.toolcalls.ChatMessage;
import io.rootstock.toolcalls.FunctionCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Reads the lists of messages of one conversation, in order: OpenAI's {@code {role, content}} with {@code tool_calls} or
 * the older {@code function_call}, and ShareGPT's {@code {from, value}} with {@code function_call} and {@code observation}
 * (LLaMA-Factory, data/README.md). Nothing of a message that the model would see is left out: parts that are not text and
 * weights are refused.
 */
final class MessageReader {
    private static final String USER = "user";
    private static final String SYSTEM = "system";
    private static final String TOOL = "tool";
    private static final String FUNCTION = "function";

    private final CallIds ids = new CallIds();

    /**
     * Reads a list.
     *
     * @param field name of the list, for errors
     * @throws RowRefusedException naming the message
     */
    List<ChatMessage> read(JsonNode list, String field, MessageForm form) {
        if (!list.isArray()) {
            throw new RowRefusedException("has a field '" + field + "' that is not a list of messages");
        }
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : list) {
            messages.add(message(message, "message " + (messages.size() + 1) + " of field '" + field + "'", form));
        }
        return messages;
    }

    private ChatMessage message(JsonNode message, String place, MessageForm form) {
        if (!message.path(form.sender()).isTextual()) {
            throw lacksTexts(place, form);
        }
        if (message.path("weight").isNumber() && message.get("weight").doubleValue() != 1) {
            throw new RowRefusedException(place
                    + " has a weight other than 1, which training rows cannot have yet; remove it or the message");
        }
        ChatMessage read = switch (form) {
            case OPENAI -> openAi(message, place);
            case SHAREGPT -> shareGpt(message, place);
        };
        try {
            // Checks the role.
            Turn _ = new Turn(read.role(), read.content());
        } catch (IllegalArgumentException badRole) {
            throw new RowRefusedException(place + ": " + badRole.getMessage());
        }
        if (read.role().equals(USER)) {
            ids.endRound();
        }
        return read;
    }

    private ChatMessage openAi(JsonNode message, String place) {
        List<FunctionCall> calls = new ArrayList<>();
        JsonNode given = message.path("tool_calls");
        if (!given.isMissingNode() && !given.isNull() && !given.isArray()) {
            throw new RowRefusedException(place + " has 'tool_calls' that is not a list of calls");
        }
        for (JsonNode call : given) {
            calls.add(call(call.path("id"), call.path(FUNCTION), place + ", call " + (calls.size() + 1)));
        }
        if (message.path("function_call").isObject()) {
            calls.add(call(message.path("function_call").path("id"), message.get("function_call"), place));
        }
        String role = message.get("role").textValue();
        String content = content(message, place, !calls.isEmpty());
        return switch (role) {
            case TOOL, FUNCTION -> {
                String name = RowFields.optional(message, "name").orElse("");
                String id = RowFields.optional(message, "tool_call_id").orElse("");
                yield new ChatMessage(TOOL, content, List.of(), ids.ofResult(id, name, place));
            }
            // OpenAI's newer name of the role system.
            case "developer" -> new ChatMessage(SYSTEM, content, calls, "");
            default -> {
                if (!calls.isEmpty() && !role.equals(Turn.ASSISTANT)) {
                    throw new RowRefusedException(
                            place + " has calls, but the role " + role + "; only the role assistant calls functions");
                }
                yield new ChatMessage(role, content, calls, "");
            }
        };
    }

    private ChatMessage shareGpt(JsonNode message, String place) {
        String from = message.get("from").textValue();
        JsonNode value = message.path("value");
        String sender = from.toLowerCase(Locale.ROOT);
        if (sender.equals("function_call")) {
            return new ChatMessage(Turn.ASSISTANT, "", written(value, place), "");
        }
        if (!value.isTextual()) {
            throw lacksTexts(place, MessageForm.SHAREGPT);
        }
        String text = RowFields.optional(message, "value").orElseThrow();
        return switch (sender) {
            case "human", USER -> new ChatMessage(USER, text, List.of(), "");
            case "gpt", Turn.ASSISTANT, "chatgpt", "bing", "bard", "model" ->
                new ChatMessage(Turn.ASSISTANT, text, List.of(), "");
            case SYSTEM -> new ChatMessage(SYSTEM, text, List.of(), "");
            case "observation", TOOL, "function_response" ->
                new ChatMessage(TOOL, text, List.of(), ids.ofResult("", "", place));
            default ->
                throw new RowRefusedException(place + " is from '" + from + "'; known senders: human, user, gpt,"
                        + " assistant, system, function_call, observation, tool");
        };
    }

    /** Calls of a function_call message: a JSON object with name and arguments, or a list of these, mostly as text. */
    private List<FunctionCall> written(JsonNode value, String place) {
        JsonNode json = value.isTextual() ? JsonTexts.parse(value.textValue(), place) : value;
        List<FunctionCall> calls = new ArrayList<>();
        for (JsonNode call :
                json.isArray() ? json : JsonNodeFactory.instance.arrayNode().add(json)) {
            JsonNode function = call.path(FUNCTION).isObject() ? call.path(FUNCTION) : call;
            calls.add(call(call.path("id"), function, place));
        }
        if (calls.isEmpty()) {
            throw new RowRefusedException(place + " has no call; write {\"name\": ..., \"arguments\": {...}}");
        }
        return calls;
    }

    private FunctionCall call(JsonNode id, JsonNode function, String place) {
        if (!function.path("name").isTextual()) {
            throw new RowRefusedException(
                    place + " has a call without a function name; write {\"name\": ..., \"arguments\": {...}}");
        }
        String name = RowFields.required(function, "name");
        JsonNode arguments = function.path("arguments");
        String text = JsonTexts.text(arguments.isMissingNode() ? function.path("parameters") : arguments);
        String given = id.isValueNode() && !id.isNull() ? id.asText() : "";
        return new FunctionCall(ids.ofCall(given, name), name, text);
    }

    private static String content(JsonNode message, String place, boolean calls) {
        JsonNode content = message.path("content");
        if (content.isArray()) {
            List<String> parts = new ArrayList<>();
            for (JsonNode part : content) {
                if (!part.path("type").asText().equals("text")
                        || !part.path("text").isTextual()) {
                    throw new RowRefusedException(place + " has a part of type '"
                            + part.path("type").asText() + "'; training reads text only: remove it or the row");
                }
                parts.add(RowFields.optional(part, "text").orElseThrow());
            }
            return String.join("\n", parts);
        }
        if (content.isTextual()) {
            return RowFields.optional(message, "content").orElseThrow();
        }
        if (calls && (content.isMissingNode() || content.isNull())) {
            return "";
        }
        throw lacksTexts(place, MessageForm.OPENAI);
    }

    private static RowRefusedException lacksTexts(String place, MessageForm form) {
        return new RowRefusedException(place + " needs texts '" + form.sender() + "' and '" + form.text() + "'");
    }

    /**
     * Ids of the tool calls of one conversation. A call without an id gets {@code call00001} and so on, nine characters, which
     * Mistral's templates require. A result without an id answers the first call that has no result yet.
     */
    private static final class CallIds {
        private final Deque<Call> open = new ArrayDeque<>();
        private int generated;

        private record Call(String id, String name) {}

        /** Returns the id of a call. */
        String ofCall(String given, String name) {
            String id = given.isEmpty() ? "call%05d".formatted(++generated) : given;
            open.addLast(new Call(id, name));
            return id;
        }

        /**
         * Returns the id of the call that a result answers.
         *
         * @param given id in the row; empty: none
         * @param name name of the function, if the row states it; empty: any
         * @param place the message, for the error
         * @throws RowRefusedException if no id is given and no call is open
         */
        String ofResult(String given, String name, String place) {
            Iterator<Call> calls = open.iterator();
            while (calls.hasNext()) {
                Call call = calls.next();
                boolean answers = given.isEmpty()
                        ? name.isEmpty() || call.name().equals(name)
                        : call.id().equals(given);
                if (answers) {
                    calls.remove();
                    return call.id();
                }
            }
            if (given.isEmpty()) {
                throw new RowRefusedException(place + " is the result of a call" + (name.isEmpty() ? "" : " of " + name)
                        + ", but no call before it lacks one; add the call, or remove the message");
            }
            return given;
        }

        /** Forgets the calls without a result: a message of the user follows, and later results answer later calls. */
        void endRound() {
            open.clear();
        }
    }
}
