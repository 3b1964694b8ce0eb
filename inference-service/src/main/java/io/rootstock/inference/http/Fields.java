package io.rootstock.inference.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.grpc.StatusRuntimeException;
import io.rootstock.service.Errors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Reads one JSON object of a request. Fields are read by name and type; null counts as absent, and a value of another
 * type is rejected with the field's path. {@link #end} rejects fields that were not read, so that no option is ignored
 * silently.
 */
public final class Fields {
    private final String path;
    private final ObjectNode object;
    private final Set<String> unread = new TreeSet<>();

    private Fields(String path, ObjectNode object) {
        this.path = path;
        this.object = object;
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (!field.getValue().isNull()) {
                unread.add(field.getKey());
            }
        }
    }

    /** Reads a whole request. */
    public static Fields of(ObjectNode request) {
        return new Fields("", request);
    }

    /** Whether the field is present and not null. */
    public boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** A field of any type. */
    public Optional<JsonNode> any(String name) {
        unread.remove(name);
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }

    public Optional<String> text(String name) {
        return typed(name, JsonNode::isTextual, "a text").map(JsonNode::textValue);
    }

    public Optional<Boolean> flag(String name) {
        return typed(name, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
    }

    public Optional<Float> decimal(String name) {
        return typed(name, JsonNode::isNumber, "a number").map(JsonNode::floatValue);
    }

    public Optional<Integer> integer(String name) {
        return typed(name, value -> value.isIntegralNumber() && value.canConvertToInt(), "a whole number")
                .map(JsonNode::intValue);
    }

    public Optional<Long> longInteger(String name) {
        return typed(name, value -> value.isIntegralNumber() && value.canConvertToLong(), "a whole number of 64 bits")
                .map(JsonNode::longValue);
    }

    /** A positive integer. 0 is rejected, because it means "unset" in the contract. */
    public Optional<Integer> number(String name) {
        Optional<Integer> number = integer(name);
        if (number.isPresent() && number.get() == 0) {
            throw refused(name, "must be at least 1, was 0");
        }
        return number;
    }

    /** A string, or a list of strings. */
    public List<String> texts(String name) {
        Optional<JsonNode> value = any(name);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get().isTextual()) {
            return List.of(value.get().textValue());
        }
        return list(name, value.get(), JsonNode::isTextual, "a text").stream()
                .map(JsonNode::textValue)
                .toList();
    }

    /** Token ids: one list, or a list of lists; empty if the field has texts. */
    public List<List<Integer>> tokenLists(String name) {
        Optional<JsonNode> value = any(name).filter(JsonNode::isArray);
        if (value.isEmpty() || value.get().path(0).isTextual()) {
            return List.of();
        }
        if (value.get().path(0).isNumber()) {
            return List.of(tokens(name));
        }
        List<JsonNode> lists = list(name, value.get(), JsonNode::isArray, "a text or tokens");
        List<List<Integer>> tokens = new ArrayList<>();
        for (int i = 0; i < lists.size(); i++) {
            tokens.add(list(name + "[" + i + "]", lists.get(i), Fields::isInteger, "a token's id").stream()
                    .map(JsonNode::intValue)
                    .toList());
        }
        return tokens;
    }

    /** A list of token ids. */
    public List<Integer> tokens(String name) {
        return any(name).map(value -> list(name, value, Fields::isInteger, "a token's id")).orElse(List.of()).stream()
                .map(JsonNode::intValue)
                .toList();
    }

    public Optional<Fields> object(String name) {
        return typed(name, JsonNode::isObject, "an object").map(value -> new Fields(path(name), (ObjectNode) value));
    }

    /** The object as a JSON tree. */
    public Optional<ObjectNode> tree(String name) {
        return typed(name, JsonNode::isObject, "an object").map(value -> (ObjectNode) value);
    }

    public List<Fields> objects(String name) {
        List<JsonNode> values = any(name)
                .map(value -> list(name, value, JsonNode::isObject, "an object"))
                .orElse(List.of());
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            objects.add(new Fields(path(name) + "[" + i + "]", (ObjectNode) values.get(i)));
        }
        return objects;
    }

    /** The value of a required field. */
    public <T> T required(String name, Optional<T> value) {
        return value.orElseThrow(() -> refused(name, "must be set"));
    }

    /** Marks fields as read that have no effect. */
    public void ignore(String... names) {
        unread.removeAll(Set.of(names));
    }

    /**
     * Accepts an option that this service lacks if its value asks for nothing.
     *
     * @param neutral the accepted value: a boolean, a number, or the empty list
     */
    public void acceptNeutral(String name, Object neutral) {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !isNeutral(value.get(), neutral)) {
            throw refused(name, "is not supported: must be " + neutral + ", was " + value.get());
        }
    }

    private static boolean isNeutral(JsonNode value, Object neutral) {
        return switch (neutral) {
            case Boolean flag -> value.isBoolean() && value.booleanValue() == flag;
            case Number number -> value.isNumber() && value.doubleValue() == number.doubleValue();
            default -> value.isArray() && value.isEmpty();
        };
    }

    /** Rejects fields that were not read. */
    public void end() {
        if (!unread.isEmpty()) {
            throw refused(unread.iterator().next(), "is not known to this service");
        }
    }

    /** Creates the error for a field. */
    public StatusRuntimeException refused(String name, String description) {
        return Errors.invalidArgument(path(name), description);
    }

    /** Path of the field in the request. */
    public String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Whether the value is a 32-bit integer. */
    public static boolean isInteger(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }

    /** The elements of a list; each must fulfil the predicate. */
    public List<JsonNode> list(String name, JsonNode value, Predicate<JsonNode> is, String what) {
        if (!value.isArray()) {
            throw refused(name, "must be a list, each element " + what);
        }
        List<JsonNode> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            if (!is.test(value.get(i))) {
                throw refused(name + "[" + i + "]", "must be " + what);
            }
            elements.add(value.get(i));
        }
        return elements;
    }

    private Optional<JsonNode> typed(String name, Predicate<JsonNode> is, String what) {
        Optional<JsonNode> value = any(name);
        if (value.isPresent() && !is.test(value.get())) {
            throw refused(name, "must be " + what);
        }
        return value;
    }
}
