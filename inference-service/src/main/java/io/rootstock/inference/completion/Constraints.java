package io.rootstock.inference.completion;

import io.rootstock.grammar.Grammars;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.service.Errors;
import java.util.Optional;

/** Creates the grammar of a request's constraint; a constraint that cannot be enforced is rejected with its field. */
final class Constraints {
    private static final String FIELD = "options.constraint";

    private Constraints() {}

    /** The grammar; empty without a constraint. */
    static Optional<String> grammar(Constraint constraint) {
        if (constraint.getKindCase() == Constraint.KindCase.KIND_NOT_SET) {
            return Optional.empty();
        }
        try {
            return Optional.of(convert(constraint));
        } catch (UnsupportedConstraintException e) {
            String field = switch (constraint.getKindCase()) {
                case JSON_OBJECT -> ".json_object";
                case JSON_SCHEMA -> ".json_schema";
                case GRAMMAR -> ".grammar";
                case REGEX -> ".regex";
                case CHOICES -> ".choices.texts" + e.path();
                case KIND_NOT_SET -> "";
            };
            boolean told = constraint.hasChoices()
                    || constraint.hasJsonObject()
                    || e.path().isEmpty();
            throw Errors.invalidArgument(FIELD + field, told ? e.reason() : e.path() + ": " + e.reason());
        }
    }

    private static String convert(Constraint constraint) {
        return switch (constraint.getKindCase()) {
            case JSON_OBJECT -> {
                if (!constraint.getJsonObject()) {
                    throw new UnsupportedConstraintException("json_object", "must be true where it is stated");
                }
                yield Grammars.jsonObject();
            }
            case JSON_SCHEMA -> Grammars.fromJsonSchema(constraint.getJsonSchema());
            case GRAMMAR -> Grammars.fromGbnf(constraint.getGrammar());
            case REGEX -> Grammars.fromRegex(constraint.getRegex());
            case CHOICES -> Grammars.fromChoices(constraint.getChoices().getTextsList());
            case KIND_NOT_SET -> throw new IllegalArgumentException("a constraint without kind");
        };
    }
}
