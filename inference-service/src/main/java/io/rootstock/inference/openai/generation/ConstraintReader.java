package io.rootstock.inference.openai.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.http.FieldNames;
import io.rootstock.inference.http.Fields;
import io.rootstock.inference.v1.Choices;
import io.rootstock.inference.v1.Constraint;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads the constraint of a request: {@code response_format}, one of {@code grammar}, {@code regex}, {@code choice},
 * llama-server's {@code json_schema}, or vLLM's {@code structured_outputs} and {@code guided_*}.
 */
final class ConstraintReader {
    private static final String FORMAT = "response_format";
    private static final String STRUCTURED = "structured_outputs";
    private static final String FIELD = "options.constraint";

    private ConstraintReader() {}

    /** Reads the constraint and registers its field name in {@code names}. */
    static Optional<Constraint> read(Fields body, FieldNames names) {
        Constraint.Builder constraint = Constraint.newBuilder();
        String stated = "";
        for (String name : List.of(
                FORMAT,
                "grammar",
                "regex",
                "choice",
                "json_schema",
                "guided_grammar",
                "guided_regex",
                "guided_choice",
                "guided_json",
                STRUCTURED)) {
            if (body.has(name) && state(body, name, names, constraint)) {
                if (!stated.isEmpty()) {
                    throw body.refused(name, "must not be set beside " + stated);
                }
                stated = name;
            }
        }
        if (stated.isEmpty()) {
            return Optional.empty();
        }
        names.put(FIELD, stated);
        return Optional.of(constraint.build());
    }

    /** Reads one field; returns whether it contains a constraint. */
    private static boolean state(Fields body, String name, FieldNames names, Constraint.Builder constraint) {
        switch (name) {
            case FORMAT -> {
                return format(body, names, constraint);
            }
            case STRUCTURED -> structured(body.required(STRUCTURED, body.object(STRUCTURED)), names, constraint);
            case "json_schema" -> kind(body, name, "json", name, names, constraint);
            default -> kind(body, name, name.replace("guided_", ""), name, names, constraint);
        }
        return true;
    }

    /** vLLM's object with one of {@code json}, {@code regex}, {@code choice} and {@code grammar}. */
    private static void structured(Fields outputs, FieldNames names, Constraint.Builder constraint) {
        List<String> kinds = Stream.of("json", "regex", "choice", "grammar")
                .filter(outputs::has)
                .toList();
        if (kinds.size() != 1) {
            throw outputs.refused("json", "exactly one of json, regex, choice and grammar must be set, were " + kinds);
        }
        String kind = kinds.getFirst();
        kind(outputs, kind, kind, STRUCTURED + "." + kind, names, constraint);
        outputs.end();
    }

    /** Reads the field {@code name} of this kind; errors name {@code path}. */
    private static void kind(
            Fields fields, String name, String kind, String path, FieldNames names, Constraint.Builder constraint) {
        switch (kind) {
            case "grammar" -> fields.text(name).ifPresent(constraint::setGrammar);
            case "regex" -> fields.text(name).ifPresent(constraint::setRegex);
            case "json" ->
                // A schema, or its text.
                fields.any(name)
                        .map(schema -> schema.isTextual() ? schema.textValue() : schema.toString())
                        .ifPresent(schema -> constraint.setJsonSchema(schema).setIgnoreUnsupportedKeywords(true));
            default -> constraint.setChoices(Choices.newBuilder().addAllTexts(fields.texts(name)));
        }
        String field = switch (kind) {
            case "choice" -> "choices.texts";
            case "json" -> "json_schema";
            default -> kind;
        };
        names.put(FIELD + "." + field, path);
    }

    private static boolean format(Fields body, FieldNames names, Constraint.Builder constraint) {
        Fields format = body.required(FORMAT, body.object(FORMAT));
        String type = format.required("type", format.text("type"));
        switch (type) {
            case "text" -> {}
            case "json_object" -> {
                // With a schema as in llama-server.
                if (format.has("schema")) {
                    kind(format, "schema", "json", FORMAT + ".schema", names, constraint);
                } else {
                    constraint.setJsonObject(true);
                }
            }
            case "json_schema" -> {
                schema(format, constraint);
                names.put(FIELD + ".json_schema", FORMAT + ".json_schema.schema");
            }
            default -> throw format.refused("type", "must be text, json_object or json_schema, was '" + type + "'");
        }
        format.end();
        return constraint.getKindCase() != Constraint.KindCase.KIND_NOT_SET;
    }

    private static void schema(Fields format, Constraint.Builder constraint) {
        Fields named = format.required("json_schema", format.object("json_schema"));
        constraint.setJsonSchema(named.required("schema", named.any("schema").map(JsonNode::toString)));
        // Every schema is enforced; strict rejects one that cannot be enforced as a whole.
        constraint.setIgnoreUnsupportedKeywords(!named.flag("strict").orElse(false));
        named.ignore("name", "description");
        named.end();
    }
}
