package io.rootstock.corpus.recipe;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** JSON Schema (draft 2020-12) of recipes, for editors. */
public final class RecipeSchema {
    private static final JsonMapper JSON = new JsonMapper();

    private RecipeSchema() {}

    /** Schema of recipes with the given steps. */
    public static ObjectNode of(List<StepKind> kinds) {
        ObjectNode schema = object("A recipe: how a corpus is made from raw files.")
                .put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.putArray("required").add("version").add("sources");
        ObjectNode keys = schema.putObject("properties");
        keys.putObject("version").put("const", 1);
        ObjectNode sources = keys.putObject("sources").put("type", "array").put("minItems", 1);
        sources.put("maxItems", RecipeReader.SOURCES).set("items", source());
        keys.set(
                "unit_bytes",
                integer(RecipeReader.MIN_UNIT, RecipeReader.MAX_UNIT, "Largest number of bytes of a unit."));
        ObjectNode steps = keys.putObject("steps").put("type", "array");
        steps.put("description", "Steps in the order in which they are applied.");
        ArrayNode forms = steps.putObject("items").putArray("oneOf");
        kinds.forEach(kind -> {
            forms.addObject().put("const", kind.name()).put("description", kind.description());
            forms.add(step(kind));
        });
        keys.set("tokenizer", tokenizer());
        ObjectNode splits = object("Fractions of held-out documents.");
        splits.putObject("properties")
                .<ObjectNode>set("validation", decimal(0, 0.5, "Fraction for validation."))
                .set("test", decimal(0, 0.5, "Fraction for tests."));
        keys.set("splits", splits);
        keys.set("seed", integer(0, Long.MAX_VALUE, "Decides which documents are held out."));
        return schema;
    }

    private static ObjectNode source() {
        ObjectNode source = object("Raw files of one origin.");
        source.putArray("required").add("name").add("files");
        ObjectNode keys = source.putObject("properties");
        keys.set("name", text("Lower-case letters, digits and hyphens."));
        ArrayNode files = keys.putObject("files")
                .put(
                        "description",
                        "Paths or globs, relative to the recipe's folder, or addresses such as s3://bucket/prefix/*.jsonl.gz.")
                .putArray("oneOf");
        files.addObject().put("type", "string");
        files.addObject().put("type", "array").putObject("items").put("type", "string");
        keys.set("format", choice(RecipeReader.FORMATS, "Format of all files; default: by the name of each file."));
        ObjectNode fields = object("Names of the fields of a record.");
        ObjectNode names = fields.putObject("properties");
        RecipeReader.FIELDS.forEach(
                field -> names.set(field, text("Field with the " + field + "; a.b is the field b of the object a.")));
        keys.set("fields", fields);
        keys.set("licence", text("SPDX identifier of documents whose record names none."));
        keys.set("weight", decimal(0, 1e9, "Weight in the mixture, above 0."));
        keys.set("maximum_epochs", decimal(0, 1e6, "Largest number of passes in one training, above 0."));
        return source;
    }

    private static ObjectNode tokenizer() {
        ObjectNode tokenizer = JSON.createObjectNode()
                .put("description", "The result is token shards; without a tokenizer, the result is text.");
        ArrayNode forms = tokenizer.putArray("oneOf");
        forms.add(text("tokenizers/NAME, an existing tokenizer."));
        ObjectNode training = object("Trains a tokenizer on the training documents of the corpus.");
        training.putArray("required").add("train");
        training.putObject("properties")
                .<ObjectNode>set("train", text("tokenizers/NAME of the new tokenizer."))
                .<ObjectNode>set(
                        "vocabulary_size",
                        integer(
                                RecipeReader.MIN_VOCABULARY,
                                RecipeReader.MAX_VOCABULARY,
                                "Number of tokens, bytes and special tokens included."))
                .<ObjectNode>set(
                        "pre_tokenizer", choice(RecipeReader.PRE_TOKENIZERS, "Rule that splits text into words."))
                .set(
                        "minimum_frequency",
                        integer(1, Long.MAX_VALUE, "Minimum number of occurrences of a merged pair."));
        forms.add(training);
        return tokenizer;
    }

    private static ObjectNode step(StepKind kind) {
        ObjectNode parameters = object(kind.description());
        ObjectNode properties = parameters.putObject("properties");
        kind.parameters().forEach(parameter -> properties.set(parameter.name(), parameter(parameter)));
        ObjectNode step = object(kind.description());
        step.putArray("required").add(kind.name());
        step.putObject("properties").set(kind.name(), parameters);
        return step;
    }

    private static ObjectNode parameter(Parameter parameter) {
        String description = parameter.description();
        ObjectNode schema = switch (parameter.type()) {
            case Parameter.Type.Whole(long least, long most) -> integer(least, most, description);
            case Parameter.Type.Decimal(double least, double most) -> decimal(least, most, description);
            case Parameter.Type.Truth _ -> described("boolean", description);
            case Parameter.Type.Word _ -> text(description);
            case Parameter.Type.Choice(List<String> choices) -> choice(choices, description);
            case Parameter.Type.Words _ -> {
                ObjectNode texts = described("array", description);
                texts.putObject("items").put("type", "string");
                yield texts;
            }
        };
        schema.set("default", CanonicalRecipe.value(parameter.standard()));
        return schema;
    }

    private static ObjectNode object(String description) {
        return described("object", description).put("additionalProperties", false);
    }

    private static ObjectNode integer(long least, long most, String description) {
        return described("integer", description).put("minimum", least).put("maximum", most);
    }

    private static ObjectNode decimal(double least, double most, String description) {
        return described("number", description).put("minimum", least).put("maximum", most);
    }

    private static ObjectNode text(String description) {
        return described("string", description);
    }

    private static ObjectNode choice(List<String> choices, String description) {
        ObjectNode schema = described("string", description);
        ArrayNode values = schema.putArray("enum");
        choices.forEach(values::add);
        return schema;
    }

    private static ObjectNode described(String type, String description) {
        return JSON.createObjectNode().put("type", type).put("description", description);
    }
}
