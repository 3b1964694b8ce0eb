package io.rootstock.encoding.format;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A value in a JSON file with its path, such as {@code model.byte_fallback}, for errors.
 *
 * @param file name of the file
 * @param value a missing node if the field does not exist
 */
record JsonField(String file, String path, JsonNode value) {
    /** Number of characters of a value in an error. */
    private static final int SHOWN = 200;

    /** Returns a field of this object; a missing one if it does not exist. */
    JsonField get(String name) {
        return new JsonField(file, path.isEmpty() ? name : path + "." + name, value.path(name));
    }

    /** Returns the elements of this array; none if it is missing or null. */
    List<JsonField> elements() {
        List<JsonField> elements = new ArrayList<>();
        for (int i = 0; i < value.size(); i++) {
            elements.add(new JsonField(file, path + "[" + i + "]", value.get(i)));
        }
        return elements;
    }

    boolean isNull() {
        return value.isMissingNode() || value.isNull();
    }

    /** Returns the object's field {@code type}. */
    String type() {
        return get("type").text();
    }

    String text() {
        if (!value.isTextual()) {
            throw invalid("must be a string");
        }
        return value.textValue();
    }

    int number() {
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw invalid("must be an integer");
        }
        return value.intValue();
    }

    /** Returns a bool; {@code otherwise} if it is missing or null. */
    boolean bool(boolean otherwise) {
        if (isNull()) {
            return otherwise;
        }
        if (!value.isBoolean()) {
            throw invalid("must be true or false");
        }
        return value.booleanValue();
    }

    /** Requires that a bool has the only supported value, which is also the value of a missing field. */
    void require(boolean supported) {
        if (bool(supported) != supported) {
            throw unsupported(Boolean.toString(supported));
        }
    }

    /** Requires that the field is missing or null. */
    void requireNull(String remedy) {
        if (!isNull()) {
            throw invalid("is not supported; " + remedy);
        }
    }

    /** Requires that this object has no other fields than these. */
    void requireFields(Set<String> known) {
        value.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                throw get(name)
                        .invalid("is unknown; known fields: "
                                + known.stream().sorted().toList());
            }
        });
    }

    InvalidTokenizerException unsupported(String supported) {
        return invalid("is not supported; supported: " + supported);
    }

    InvalidTokenizerException invalid(String what) {
        String shown = value.toString();
        String stated = isNull() ? " " : " = " + shown.substring(0, Math.min(SHOWN, shown.length())) + " ";
        return new InvalidTokenizerException(file + ": " + path + stated + what);
    }
}
