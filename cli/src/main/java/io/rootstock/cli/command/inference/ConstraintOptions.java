package io.rootstock.cli.command.inference;

import io.rootstock.cli.command.Input;
import io.rootstock.cli.command.OptionalFields;
import io.rootstock.inference.v1.Choices;
import io.rootstock.inference.v1.Constraint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Constraint of the generated text; at most one. */
final class ConstraintOptions {
    @Option(names = "--json-object", required = true, description = "Generate a JSON object")
    private boolean jsonObject;

    @Option(
            names = "--json-schema",
            required = true,
            paramLabel = "FILE",
            description = "Generate JSON that conforms to this JSON Schema")
    private Path jsonSchema;

    @Option(
            names = "--grammar",
            required = true,
            paramLabel = "FILE",
            description = "Generate text that matches this GBNF grammar, whose root rule is named root")
    private Path grammar;

    @Option(
            names = "--regex",
            required = true,
            paramLabel = "EXPRESSION",
            description = "Generate text that matches this regular expression")
    private String regex;

    @Option(
            names = "--choice",
            required = true,
            paramLabel = "TEXT",
            description = "Generate one of these texts; repeatable")
    private List<String> choices = new ArrayList<>();

    Optional<Constraint> toMessage() {
        Constraint.Builder constraint = Constraint.newBuilder();
        if (jsonObject) {
            constraint.setJsonObject(true);
        }
        if (jsonSchema != null) {
            constraint.setJsonSchema(Input.file(jsonSchema));
        }
        if (grammar != null) {
            constraint.setGrammar(Input.file(grammar));
        }
        OptionalFields.setIfPresent(regex, constraint::setRegex);
        if (!choices.isEmpty()) {
            constraint.setChoices(Choices.newBuilder().addAllTexts(choices));
        }
        return constraint.getKindCase() == Constraint.KindCase.KIND_NOT_SET
                ? Optional.empty()
                : Optional.of(constraint.build());
    }
}
