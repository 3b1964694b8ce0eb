package io.rootstock.inference.openai;

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
 * One JSON object of a request while it is read. A field is asked for by its name and type; null is as good as absent,
 * another type is refused by the field's path. Whatever is left when all were asked for is refused too ({@link #end}):
 * an option that nobody reads must not look as if it were obeyed.
 */
final class Fields {
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

    /** A whole request. */
    static Fields of(ObjectNode request) {
        return new Fields("", request);
    }

    /** Whether the field is there. */
    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** A field of any type. */
    Optional<JsonNode> any(String name) {
        unread.remove(name);
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }

    Optional<String> text(String name) {
        return typed(name, JsonNode::isTextual, "a text").map(JsonNode::textValue);
    }

    Optional<Boolean> flag(String name) {
        return typed(name, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
    }

    Optional<Float> decimal(String name) {
        return typed(name, JsonNode::isNumber, "a number").map(JsonNode::floatValue);
    }

    Optional<Integer> integer(String name) {
        return typed(name, value -> value.isIntegralNumber() && value.canConvertToInt(), "a whole number")
                .map(JsonNode::intValue);
    }

    Optional<Long> longInteger(String name) {
        return typed(name, value -> value.isIntegralNumber() && value.canConvertToLong(), "a whole number of 64 bits")
                .map(JsonNode::longValue);
    }

    /** A whole number of things to make. The contract's 0 says that nothing was stated, so it is refused here. */
    Optional<Integer> number(String name) {
        Optional<Integer> number = integer(name);
        if (number.isPresent() && number.get() == 0) {
            throw refused(name, "must be at least 1, was 0");
        }
        return number;
    }

    /** One text, or a list of texts. */
    List<String> texts(String name) {
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

    /** A list of token ids. */
    List<Integer> tokens(String name) {
        return any(name).map(value -> list(name, value, Fields::isInteger, "a token's id")).orElse(List.of()).stream()
                .map(JsonNode::intValue)
                .toList();
    }

    Optional<Fields> object(String name) {
        return typed(name, JsonNode::isObject, "an object").map(value -> new Fields(path(name), (ObjectNode) value));
    }

    /** The object as it came. */
    Optional<ObjectNode> tree(String name) {
        return typed(name, JsonNode::isObject, "an object").map(value -> (ObjectNode) value);
    }

    List<Fields> objects(String name) {
        List<JsonNode> values = any(name)
                .map(value -> list(name, value, JsonNode::isObject, "an object"))
                .orElse(List.of());
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            objects.add(new Fields(path(name) + "[" + i + "]", (ObjectNode) values.get(i)));
        }
        return objects;
    }

    /** What must be there. */
    <T> T required(String name, Optional<T> value) {
        return value.orElseThrow(() -> refused(name, "must be set"));
    }

    /** Takes fields for read that change nothing here. */
    void ignore(String... names) {
        unread.removeAll(Set.of(names));
    }

    /** Refuses what was not asked for. */
    void end() {
        if (!unread.isEmpty()) {
            throw refused(unread.iterator().next(), "is not known to this service");
        }
    }

    /** The refusal of a field. */
    StatusRuntimeException refused(String name, String description) {
        return Errors.invalidArgument(path(name), description);
    }

    /** Where the field stands in the request. */
    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /** Whether the value is a whole number of 32 bits. */
    static boolean isInteger(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToInt();
    }

    /** The elements of a list, each of which must be as described. */
    List<JsonNode> list(String name, JsonNode value, Predicate<JsonNode> is, String what) {
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
