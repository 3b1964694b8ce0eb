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
import io.rootstock.corpus.unit.InputRoots;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The steps of recipes for workers. Parameters of a {@link ComponentSpec} are JSON values. */
public final class RecipeSteps implements StepProvider {
    /** Identity of the files that a step reads, so that other files repeat the stage. */
    private static final String FILE_IDENTITY = "file_identity";

    private static final JsonMapper JSON = new JsonMapper();
    private static final List<StepBinding> BINDINGS = Stream.of(
                    TextBindings.all(), QualityBindings.all(), List.of(DecontaminationBinding.binding()))
            .flatMap(List::stream)
            .toList();

    /** All steps that recipes can name. */
    public static List<StepKind> kinds() {
        return Stream.concat(BINDINGS.stream().map(StepBinding::kind), DuplicateKinds.all().stream())
                .toList();
    }

    /**
     * Describes a step of single documents for workers.
     *
     * @param roots directories that files of the step may lie in; relative paths start at its base
     * @param notes receives facts for the user
     * @throws IllegalArgumentException if its parameters do not fit together
     * @throws io.rootstock.corpus.unit.RefusedInputException if a file is missing or outside of the roots
     */
    public static ComponentSpec describe(StepSettings step, InputRoots roots, Consumer<String> notes) {
        StepBinding binding = binding(step.kind().name()).orElseThrow();
        StepSettings resolved = binding.resolution().apply(step, roots);
        DocumentStep created = binding.creation().apply(resolved);
        Map<String, String> parameters = new TreeMap<>();
        resolved.values()
                .forEach((name, value) ->
                        parameters.put(name, JSON.valueToTree(value).toString()));
        fileIdentity(created).ifPresent(identity -> parameters.put(FILE_IDENTITY, identity));
        if (created instanceof Decontamination decontamination) {
            decontamination.notes().forEach(notes);
        }
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
        fileIdentity(created).ifPresent(identity -> requireFiles(spec, identity));
        return created;
    }

    private static Optional<String> fileIdentity(DocumentStep step) {
        return switch (step) {
            case LanguageFilter filter -> Optional.of(filter.detector().identity());
            case Decontamination decontamination -> Optional.of(decontamination.identity());
            default -> Optional.empty();
        };
    }

    private static void requireFiles(ComponentSpec spec, String actual) {
        String stated = spec.parameters().getOrDefault(FILE_IDENTITY, "");
        if (!actual.equals(stated)) {
            throw new IllegalArgumentException("the files of step " + spec.name() + " are " + actual
                    + " here, and the job states " + stated + "; give all workers the same files");
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
