package io.rootstock.corpus.recipe;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;

/** The canonical form of a recipe: JSON with every default and the versions of the steps, keys in fixed order. */
public final class CanonicalRecipe {
    private static final JsonMapper JSON = new JsonMapper();

    private CanonicalRecipe() {}

    /** Canonical form. Recipes of equal meaning have equal forms, whatever their layout and their stated defaults. */
    public static JsonNode json(Recipe recipe) {
        ObjectNode json = JSON.createObjectNode().put("version", 1);
        ArrayNode sources = json.putArray("sources");
        recipe.sources().forEach(source -> sources.add(source(source)));
        json.put("unit_bytes", recipe.unitBytes());
        ArrayNode steps = json.putArray("steps");
        recipe.steps().forEach(step -> steps.add(step(step)));
        json.put("tokenizer", recipe.tokenizer().orElse(""));
        recipe.training()
                .ifPresent(training -> json.putObject("training")
                        .put("vocabulary_size", training.vocabularySize())
                        .put("pre_tokenizer", training.preTokenizer())
                        .put("minimum_frequency", training.minimumFrequency()));
        json.putObject("splits")
                .put("validation", recipe.splits().validation())
                .put("test", recipe.splits().test());
        return json.put("seed", recipe.seed());
    }

    /** SHA-256 of the canonical form, in hexadecimal. */
    public static String digest(Recipe recipe) {
        try {
            byte[] bytes = JSON.writeValueAsString(json(recipe)).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode source(RecipeSource source) {
        ObjectNode json = JSON.createObjectNode().put("name", source.name());
        ArrayNode files = json.putArray("files");
        source.files().forEach(files::add);
        json.put("format", source.format().orElse(""));
        ObjectNode fields = json.putObject("fields");
        new TreeMap<>(source.fields()).forEach(fields::put);
        return json.put("licence", source.licence())
                .put("weight", source.weight())
                .put("maximum_epochs", source.maximumEpochs().orElse(0.0));
    }

    private static ObjectNode step(StepSettings step) {
        ObjectNode json = JSON.createObjectNode()
                .put("step", step.kind().name())
                .put("version", step.kind().version());
        ObjectNode parameters = json.putObject("parameters");
        step.values().forEach((name, value) -> parameters.set(name, value(value)));
        return json;
    }

    static JsonNode value(Object value) {
        return switch (value) {
            case Long number -> JSON.getNodeFactory().numberNode(number);
            case Double number -> JSON.getNodeFactory().numberNode(number);
            case Boolean truth -> JSON.getNodeFactory().booleanNode(truth);
            case String text -> JSON.getNodeFactory().textNode(text);
            case List<?> texts -> {
                ArrayNode array = JSON.createArrayNode();
                texts.forEach(text -> array.add((String) text));
                yield array;
            }
            default -> throw new IllegalArgumentException("not a parameter's value: " + value);
        };
    }
}
