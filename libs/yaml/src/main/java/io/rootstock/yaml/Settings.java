package io.rootstock.yaml;

import io.rootstock.yaml.YamlValue.Entry;
import io.rootstock.yaml.YamlValue.Mapping;
import io.rootstock.yaml.YamlValue.Scalar;
import io.rootstock.yaml.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Typed access to the keys of a mapping. A key whose value is empty counts as absent, as None in Python. */
public final class Settings {
    private final String owner;
    private final Mapping mapping;

    /**
     * Creates the view of a mapping.
     *
     * @param owner name of the mapping for errors, such as {@code generation_kwargs}; empty for the file's top
     * @param mapping the keys
     */
    public Settings(String owner, Mapping mapping) {
        this.owner = owner;
        this.mapping = mapping;
    }

    /** Returns the mapping of a value. */
    public static Settings of(String owner, YamlValue value) {
        if (value instanceof Mapping mapping) {
            return new Settings(owner, mapping);
        }
        throw value.error(
                "'" + owner + "' must be a mapping, not " + value.kind(), "write " + owner + ": {KEY: VALUE}");
    }

    public Mapping mapping() {
        return mapping;
    }

    /** Refuses every key that is not known; {@code remedies} has hints for keys that are refused on purpose. */
    public void requireOnly(Set<String> known, Map<String, String> remedies) {
        for (Entry entry : mapping.entries().values()) {
            String name = qualified(entry.key());
            if (known.contains(entry.key())) {
                continue;
            }
            if (remedies.containsKey(entry.key())) {
                throw entry.error("key '" + name + "' is not supported", remedies.get(entry.key()));
            }
            throw entry.error(
                    "unknown key '" + name + "'",
                    "remove it; known keys: " + known.stream().sorted().collect(Collectors.joining(", ")));
        }
    }

    public Optional<Entry> entry(String key) {
        return Optional.ofNullable(mapping.entries().get(key))
                .filter(entry -> !(entry.value() instanceof Scalar scalar && scalar.value() == null));
    }

    /** Returns the entry of a key that must be present. */
    public Entry required(String key) {
        return entry(key)
                .orElseThrow(() ->
                        mapping.error("key '" + qualified(key) + "' is missing", "add " + key + ": with a value"));
    }

    /** Returns a text with its place. */
    public Optional<YamlText> source(String key) {
        return entry(key).map(entry -> source(entry));
    }

    public Optional<String> text(String key) {
        return source(key).map(YamlText::text);
    }

    /** Returns the text of an entry. */
    public YamlText source(Entry entry) {
        return source(qualified(entry.key()), entry.value());
    }

    static YamlText source(String name, YamlValue value) {
        if (value instanceof Scalar scalar && scalar.value() instanceof String text) {
            return new YamlText(text, scalar.file(), scalar.line());
        }
        throw value.error("'" + name + "' must be a text, not " + value.kind(), "quote the value");
    }

    public boolean truth(String key, boolean standard) {
        return entry(key)
                .map(entry -> {
                    if (entry.value() instanceof Scalar scalar && scalar.value() instanceof Boolean truth) {
                        return truth;
                    }
                    throw mistyped(entry, "true or false", "write " + key + ": true or " + key + ": false");
                })
                .orElse(standard);
    }

    /** Returns an integer within bounds. */
    public Optional<Integer> integer(String key, int least, int most) {
        return whole(key, least, most).map(Math::toIntExact);
    }

    /** Returns a long integer within bounds. */
    public Optional<Long> whole(String key, long least, long most) {
        return entry(key).map(entry -> {
            if (entry.value() instanceof Scalar scalar && scalar.value() instanceof Long number) {
                if (number < least || number > most) {
                    throw outOfBounds(entry, number.toString(), Long.toString(least), Long.toString(most));
                }
                return number;
            }
            throw mistyped(entry, "an integer", "write an integer without quotes");
        });
    }

    /** Returns a number within bounds. */
    public Optional<Double> decimal(String key, double least, double most) {
        return entry(key).map(entry -> {
            if (entry.value() instanceof Scalar scalar && scalar.value() instanceof Number number) {
                double value = number.doubleValue();
                if (value < least || value > most) {
                    throw outOfBounds(entry, scalar.text(), Double.toString(least), Double.toString(most));
                }
                return value;
            }
            throw mistyped(entry, "a number", "write a number without quotes");
        });
    }

    private InvalidFileException outOfBounds(Entry entry, String value, String least, String most) {
        return entry.value()
                .error(
                        "'" + qualified(entry.key()) + "' is " + value + ", not from " + least + " to " + most,
                        "write a number within these bounds");
    }

    /** Returns the items of a list; a value that is not a list is its only item where {@code orOne} is set. */
    public Optional<List<YamlValue>> items(String key, boolean orOne) {
        return entry(key).map(entry -> switch (entry.value()) {
            case Sequence sequence -> sequence.items();
            case Scalar scalar when orOne -> List.<YamlValue>of(scalar);
            default -> throw mistyped(entry, "a list", "write a list: - VALUE lines");
        });
    }

    /** Returns a list of texts. */
    public Optional<List<YamlText>> texts(String key, boolean orOne) {
        return items(key, orOne).map(items -> {
            List<YamlText> texts = new ArrayList<>();
            items.forEach(item -> texts.add(source(qualified(key), item)));
            return List.copyOf(texts);
        });
    }

    public Optional<Settings> settings(String key) {
        return entry(key).map(entry -> of(qualified(key), entry.value()));
    }

    InvalidFileException mistyped(Entry entry, String wanted, String hint) {
        return entry.value()
                .error(
                        "'" + qualified(entry.key()) + "' must be " + wanted + ", not "
                                + entry.value().kind(),
                        hint);
    }

    private String qualified(String key) {
        return owner.isEmpty() ? key : owner + "." + key;
    }
}
