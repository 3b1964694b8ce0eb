package io.rootstock.inference.openai.generation;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.inference.openai.http.FieldNames;
import io.rootstock.inference.openai.http.Fields;
import io.rootstock.inference.v1.Choices;
import io.rootstock.inference.v1.Constraint;
import java.util.Optional;

/**
 * Reads the constraint of a request: {@code response_format}, or one of {@code grammar}, {@code regex}, {@code choice}.
 */
final class ConstraintReader {
    private static final String FORMAT = "response_format";
    private static final String FIELD = "options.constraint";

    private ConstraintReader() {}

    /** Reads the constraint and registers its field name in {@code names}. */
    static Optional<Constraint> read(Fields body, FieldNames names) {
        Constraint.Builder constraint = Constraint.newBuilder();
        String stated = "";
        for (String name : new String[] {FORMAT, "grammar", "regex", "choice"}) {
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
            case "grammar" -> body.text(name).ifPresent(constraint::setGrammar);
            case "regex" -> body.text(name).ifPresent(constraint::setRegex);
            default -> constraint.setChoices(Choices.newBuilder().addAllTexts(body.texts(name)));
        }
        names.put(FIELD + "." + (name.equals("choice") ? "choices.texts" : name), name);
        return true;
    }

    private static boolean format(Fields body, FieldNames names, Constraint.Builder constraint) {
        Fields format = body.required(FORMAT, body.object(FORMAT));
        String type = format.required("type", format.text("type"));
        switch (type) {
            case "text" -> {}
            case "json_object" -> constraint.setJsonObject(true);
            case "json_schema" -> {
                constraint.setJsonSchema(schema(format));
                names.put(FIELD + ".json_schema", FORMAT + ".json_schema.schema");
            }
            default -> throw format.refused("type", "must be text, json_object or json_schema, was '" + type + "'");
        }
        format.end();
        return constraint.getKindCase() != Constraint.KindCase.KIND_NOT_SET;
    }

    private static String schema(Fields format) {
        Fields named = format.required("json_schema", format.object("json_schema"));
        String schema = named.required("schema", named.any("schema").map(JsonNode::toString));
        // Every schema is enforced, with or without strict.
        named.ignore("name", "description", "strict");
        named.end();
        return schema;
    }
}
