package io.rootstock.corpus.worker.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.engine.spi.StepProvider;
import io.rootstock.corpus.language.LanguageFilter;
import io.rootstock.corpus.recipe.Parameter;
import io.rootstock.corpus.recipe.StepKind;
import io.rootstock.corpus.recipe.StepSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The steps of recipes for workers. Parameters of a {@link ComponentSpec} are JSON values. */
public final class RecipeSteps implements StepProvider {
    /** Identity of a model file, so that another file repeats the stage. */
    private static final String MODEL_IDENTITY = "model_identity";

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<StepBinding> BINDINGS = Stream.concat(
                    TextBindings.all().stream(), QualityBindings.all().stream())
            .toList();

    /** All steps that recipes can name. */
    public static List<StepKind> kinds() {
        return Stream.concat(BINDINGS.stream().map(StepBinding::kind), DuplicateKinds.all().stream())
                .toList();
    }

    /**
     * Describes a step of single documents for workers.
     *
     * @throws IllegalArgumentException if its parameters do not fit together
     */
    public static ComponentSpec describe(StepSettings step) {
        DocumentStep created =
                binding(step.kind().name()).orElseThrow().creation().apply(step);
        Map<String, String> parameters = new TreeMap<>();
        step.values()
                .forEach((name, value) ->
                        parameters.put(name, JSON.valueToTree(value).toString()));
        modelIdentity(created).ifPresent(identity -> parameters.put(MODEL_IDENTITY, identity));
        return ComponentSpec.of(created.name(), created.version(), parameters);
    }

    private static Optional<StepBinding> binding(String name) {
        return BINDINGS.stream()
                .filter(known -> known.kind().name().equals(name))
                .findFirst();
    }

    @Override
    public Optional<DocumentStep> create(ComponentSpec spec) {
        return binding(spec.name()).map(found -> create(found, spec));
    }

    private static DocumentStep create(StepBinding binding, ComponentSpec spec) {
        Map<String, Object> values = new HashMap<>();
        for (Parameter parameter : binding.kind().parameters()) {
            String json = spec.parameters().get(parameter.name());
            if (json == null) {
                throw new IllegalArgumentException("step " + spec.name() + " lacks parameter " + parameter.name());
            }
            values.put(parameter.name(), value(parameter, json));
        }
        DocumentStep created = binding.creation().apply(new StepSettings(binding.kind(), values, 0));
        modelIdentity(created).ifPresent(identity -> requireModel(spec, identity));
        return created;
    }

    private static Optional<String> modelIdentity(DocumentStep step) {
        return step instanceof LanguageFilter filter
                ? Optional.of(filter.detector().identity())
                : Optional.empty();
    }

    private static void requireModel(ComponentSpec spec, String actual) {
        String stated = spec.parameters().getOrDefault(MODEL_IDENTITY, "");
        if (!actual.equals(stated)) {
            throw new IllegalArgumentException("the model of step " + spec.name() + " is " + actual
                    + " here, and the job states " + stated + "; give all workers the same file");
        }
    }

    private static Object value(Parameter parameter, String json) {
        JsonNode node;
        try {
            node = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("parameter " + parameter.name() + " is not JSON: " + json, e);
        }
        return switch (parameter.type()) {
            case Parameter.Type.Whole _ -> node.longValue();
            case Parameter.Type.Decimal _ -> node.doubleValue();
            case Parameter.Type.Truth _ -> node.booleanValue();
            case Parameter.Type.Word _, Parameter.Type.Choice _ -> node.textValue();
            case Parameter.Type.Words _ -> {
                List<String> texts = new ArrayList<>();
                node.forEach(text -> texts.add(text.textValue()));
                yield List.copyOf(texts);
            }
        };
    }
}
