package io.rootstock.cli.command.training;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** JSON Schema (draft 2020-12) of mixture files, for editors. */
public final class MixtureSchema {
    private static final JsonMapper JSON = new JsonMapper();

    private MixtureSchema() {}

    public static ObjectNode json() {
        ObjectNode schema = object("A mixture: prepared datasets and their proportions in a pre-training.")
                .put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.putArray("required").add("sources");
        ObjectNode keys = schema.putObject("properties");
        ObjectNode sources = described("array", "Datasets, each once.").put("minItems", 1);
        sources.put("maxItems", MixtureFile.MAX_SOURCES).set("items", source());
        keys.set("sources", sources);
        ObjectNode weighting = described("string", "Origin of the weights; default: absolute.");
        weighting.putArray("enum").add("absolute").add("tokens").add("temperature");
        keys.set("weighting", weighting);
        keys.set(
                "temperature",
                number(
                        MixtureFile.MIN_TEMPERATURE,
                        MixtureFile.MAX_TEMPERATURE,
                        "Weights are tokens to the power 1/temperature; for weighting: temperature."));
        ObjectNode phases =
                described("array", "Phases in order; the last ends at 1.").put("minItems", 1);
        phases.put("maxItems", MixtureFile.MAX_PHASES).set("items", phase());
        keys.set("curriculum", phases);
        return schema;
    }

    private static ObjectNode source() {
        ObjectNode source = object("A dataset, or one source of it.");
        source.putArray("required").add("dataset");
        ObjectNode keys = source.putObject("properties");
        keys.set("dataset", described("string", "Name of the dataset."));
        keys.set("source", described("string", "Source of the dataset; default: all, in proportion to their tokens."));
        keys.set(
                "weight",
                number(MixtureFile.MIN_WEIGHT, MixtureFile.MAX_WEIGHT, "Relative weight, for weighting: absolute."));
        keys.set(
                "epochs",
                number(
                        MixtureFile.MIN_EPOCHS,
                        MixtureFile.MAX_EPOCHS,
                        "Maximum number of epochs; default: unlimited."));
        return source;
    }

    private static ObjectNode phase() {
        ObjectNode phase = object("A phase of the training.");
        phase.putArray("required").add("until");
        ObjectNode keys = phase.putObject("properties");
        keys.set("until", number(0, 1, "Share of the training after which the phase ends, ascending."));
        ObjectNode weights = described(
                "object", "Relative weight of each source, DATASET or DATASET/SOURCE; default: the sources'.");
        weights.set("additionalProperties", number(0, MixtureFile.MAX_WEIGHT, "Relative weight; 0: not drawn."));
        keys.set("weights", weights);
        return phase;
    }

    private static ObjectNode object(String description) {
        return described("object", description).put("additionalProperties", false);
    }

    private static ObjectNode number(double least, double most, String description) {
        return described("number", description).put("minimum", least).put("maximum", most);
    }

    private static ObjectNode described(String type, String description) {
        return JSON.createObjectNode().put("type", type).put("description", description);
    }
}
