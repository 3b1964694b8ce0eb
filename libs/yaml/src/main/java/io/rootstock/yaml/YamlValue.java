package io.rootstock.yaml;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A value of a YAML file with its place. */
public sealed interface YamlValue {
    /** File name for errors. */
    String file();

    /** Line of the value from 1; of a block scalar, the line of its first character. */
    int line();

    /** Returns the exception for this value. */
    default InvalidFileException error(String reason, String hint) {
        return new InvalidFileException(file(), line(), reason, hint);
    }

    /** The kind of value, for errors. */
    default String kind() {
        return switch (this) {
            case Scalar scalar ->
                switch (scalar.value()) {
                    case null -> "an empty value";
                    case String _ -> "a text";
                    case Long _ -> "an integer";
                    case Double _ -> "a number";
                    default -> "true or false";
                };
            case Sequence _ -> "a list";
            case Mapping _ -> "a mapping";
        };
    }

    /**
     * A value without parts.
     *
     * @param value String, Long, Double, Boolean or null
     * @param text characters of the value as PyYAML's strings have them
     */
    record Scalar(Object value, String text, String file, int line) implements YamlValue {}

    record Sequence(List<YamlValue> items, String file, int line) implements YamlValue {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    record Mapping(Map<String, Entry> entries, String file, int line) implements YamlValue {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /**
     * A key with its value.
     *
     * @param line line of the key, from 1
     */
    record Entry(String key, YamlValue value, String file, int line) {
        /** Returns the exception for the key. */
        public InvalidFileException error(String reason, String hint) {
            return new InvalidFileException(file, line, reason, hint);
        }
    }
}
