package io.rootstock.inference.completion;

import io.rootstock.grammar.Grammars;
import io.rootstock.grammar.RelaxedGrammar;
import io.rootstock.grammar.error.UnsupportedConstraintException;
import io.rootstock.inference.v1.Constraint;
import io.rootstock.inference.v1.IgnoredKeyword;
import io.rootstock.service.Errors;
import java.util.List;
import java.util.Optional;

/** Creates the grammar of a request's constraint; a constraint that cannot be enforced is rejected with its field. */
final class Constraints {
    private static final String FIELD = "options.constraint";

    private Constraints() {}

    /** The grammar of a constraint, possibly unset. */
    static EnforcedConstraint enforced(Constraint constraint) {
        if (constraint.hasJsonSchema()) {
            return schema(
                    FIELD + ".json_schema", constraint.getJsonSchema(), constraint.getIgnoreUnsupportedKeywords());
        }
        if (constraint.getIgnoreUnsupportedKeywords()) {
            throw Errors.invalidArgument(FIELD + ".ignore_unsupported_keywords", "needs json_schema");
        }
        try {
            return new EnforcedConstraint(convert(constraint), List.of());
        } catch (UnsupportedConstraintException e) {
            String field = switch (constraint.getKindCase()) {
                case JSON_OBJECT -> ".json_object";
                case GRAMMAR -> ".grammar";
                case REGEX -> ".regex";
                case CHOICES -> ".choices.texts" + e.path();
                case JSON_SCHEMA, KIND_NOT_SET -> "";
            };
            boolean located = constraint.hasChoices()
                    || constraint.hasJsonObject()
                    || e.path().isEmpty();
            throw Errors.invalidArgument(FIELD + field, located ? e.reason() : e.getMessage());
        }
    }

    /**
     * The grammar of a JSON Schema.
     *
     * @param field field of the schema in the request
     * @param relaxed ignore unsupported keywords instead of rejecting the schema
     */
    static EnforcedConstraint schema(String field, String schema, boolean relaxed) {
        try {
            if (!relaxed) {
                return new EnforcedConstraint(Optional.of(Grammars.fromJsonSchema(schema)), List.of());
            }
            RelaxedGrammar grammar = Grammars.fromJsonSchemaRelaxed(schema);
            return new EnforcedConstraint(
                    Optional.of(grammar.grammar()),
                    grammar.ignored().stream()
                            .map(pointer -> IgnoredKeyword.newBuilder()
                                    .setField(field)
                                    .setPointer(pointer)
                                    .build())
                            .toList());
        } catch (UnsupportedConstraintException e) {
            throw Errors.invalidArgument(field, e.getMessage());
        }
    }

    private static Optional<String> convert(Constraint constraint) {
        return switch (constraint.getKindCase()) {
            case JSON_OBJECT -> {
                if (!constraint.getJsonObject()) {
                    throw new UnsupportedConstraintException("json_object", "must be true where it is stated");
                }
                yield Optional.of(Grammars.jsonObject());
            }
            case JSON_SCHEMA -> throw new IllegalArgumentException("schemas have a method of their own");
            case GRAMMAR -> Optional.of(Grammars.fromGbnf(constraint.getGrammar()));
            case REGEX -> Optional.of(Grammars.fromRegex(constraint.getRegex()));
            case CHOICES ->
                Optional.of(Grammars.fromChoices(constraint.getChoices().getTextsList()));
            case KIND_NOT_SET -> Optional.empty();
        };
    }

    /**
     * The enforced part of a request's constraint.
     *
     * @param grammar GBNF grammar that each completion must match; empty without a constraint
     * @param ignored schema keywords that are not enforced
     */
    record EnforcedConstraint(Optional<String> grammar, List<IgnoredKeyword> ignored) {
        EnforcedConstraint {
            ignored = List.copyOf(ignored);
        }
    }
}
