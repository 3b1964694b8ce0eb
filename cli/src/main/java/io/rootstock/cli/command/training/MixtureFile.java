package io.rootstock.cli.command.training;

import io.rootstock.cli.client.Names;
import io.rootstock.cli.error.CliException;
import io.rootstock.trainer.v1.Mixture;
import io.rootstock.trainer.v1.MixturePhase;
import io.rootstock.trainer.v1.MixtureSource;
import io.rootstock.trainer.v1.MixtureWeighting;
import io.rootstock.yaml.Settings;
import io.rootstock.yaml.YamlReader;
import io.rootstock.yaml.YamlText;
import io.rootstock.yaml.YamlValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Reads a mixture file: YAML with the keys {@code sources} (each with {@code dataset}, {@code source}, {@code weight} and
 * {@code epochs}), {@code weighting}, {@code temperature} and {@code curriculum} (each phase with {@code until} and
 * {@code weights}).
 */
final class MixtureFile {
    static final Set<String> KEYS = Set.of("sources", "weighting", "temperature", "curriculum");
    static final Set<String> SOURCE_KEYS = Set.of("dataset", "source", "weight", "epochs");
    static final Set<String> PHASE_KEYS = Set.of("until", "weights");
    static final int MAX_SOURCES = 256;
    static final int MAX_PHASES = 64;
    static final double MIN_WEIGHT = 1e-9;
    static final double MAX_WEIGHT = 1e9;
    static final double MIN_EPOCHS = 0.01;
    static final double MAX_EPOCHS = 1000;
    static final double MIN_TEMPERATURE = 0.01;
    static final double MAX_TEMPERATURE = 100;

    private final Mixture.Builder mixture = Mixture.newBuilder();
    private final Map<String, YamlValue> sources = new LinkedHashMap<>();

    private MixtureFile() {}

    /**
     * Reads a file.
     *
     * @throws io.rootstock.yaml.InvalidFileException with file, line, key and remedy
     */
    static Mixture read(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            Settings top = new Settings("", YamlReader.read(file.toString(), in, Map.of()));
            top.requireOnly(KEYS, Map.of());
            return new MixtureFile().mixture(top);
        } catch (NoSuchFileException e) {
            throw new CliException("mixture file " + file + " does not exist", "check the path of --mixture");
        } catch (IOException e) {
            throw new CliException("cannot read " + file + ": " + e.getMessage(), "check the file");
        }
    }

    private Mixture mixture(Settings top) {
        mixture.setWeighting(weighting(top));
        temperature(top);
        List<YamlValue> listed = top.items("sources", false)
                .orElseThrow(
                        () -> top.mapping().error("key 'sources' is missing", "add sources: - dataset: NAME lines"));
        if (listed.isEmpty() || listed.size() > MAX_SOURCES) {
            throw top.required("sources")
                    .error("'sources' has " + listed.size() + " entries, not 1 to " + MAX_SOURCES, "list the datasets");
        }
        listed.forEach(value -> source(Settings.of("sources", value)));
        top.items("curriculum", false).ifPresent(phases -> curriculum(top, phases));
        requireWeights();
        return mixture.build();
    }

    private static MixtureWeighting weighting(Settings top) {
        YamlText text = top.source("weighting").orElse(null);
        return switch (text == null ? "absolute" : text.text()) {
            case "absolute" -> MixtureWeighting.MIXTURE_WEIGHTING_ABSOLUTE;
            case "tokens" -> MixtureWeighting.MIXTURE_WEIGHTING_TOKENS;
            case "temperature" -> MixtureWeighting.MIXTURE_WEIGHTING_TEMPERATURE;
            default ->
                throw text.error("'weighting' is '" + text.text() + "'", "write absolute, tokens or temperature");
        };
    }

    private void temperature(Settings top) {
        boolean used = mixture.getWeighting() == MixtureWeighting.MIXTURE_WEIGHTING_TEMPERATURE;
        if (used) {
            top.required("temperature");
        }
        top.entry("temperature").filter(_ -> !used).ifPresent(entry -> {
            throw entry.error("'temperature' is for weighting: temperature", "remove it, or set the weighting");
        });
        top.decimal("temperature", MIN_TEMPERATURE, MAX_TEMPERATURE).ifPresent(mixture::setTemperature);
    }

    private void source(Settings source) {
        source.requireOnly(SOURCE_KEYS, Map.of());
        YamlText dataset = source.source(source.required("dataset"));
        String part = source.text("source").orElse("");
        String id = Names.id(dataset.text());
        String name = part.isEmpty() ? id : id + "/" + part;
        for (String other : sources.keySet()) {
            if (other.equals(name) || other.startsWith(name + "/") || name.startsWith(other + "/")) {
                throw dataset.error("source '" + name + "' is part of source '" + other + "'", "list each source once");
            }
        }
        sources.put(name, source.mapping());
        MixtureSource.Builder message = MixtureSource.newBuilder()
                .setDataset(Names.of("datasets", dataset.text()))
                .setSource(part);
        source.decimal("weight", MIN_WEIGHT, MAX_WEIGHT).ifPresent(message::setWeight);
        source.decimal("epochs", MIN_EPOCHS, MAX_EPOCHS).ifPresent(message::setEpochs);
        source.entry("weight").filter(_ -> !isAbsolute()).ifPresent(entry -> {
            throw entry.error("'sources.weight' is for weighting: absolute", "remove it, or set the weighting");
        });
        mixture.addSources(message);
    }

    private void curriculum(Settings top, List<YamlValue> phases) {
        if (phases.isEmpty() || phases.size() > MAX_PHASES) {
            throw top.required("curriculum")
                    .error("'curriculum' has " + phases.size() + " phases, not 1 to " + MAX_PHASES, "remove phases");
        }
        double from = 0;
        for (YamlValue value : phases) {
            Settings phase = Settings.of("curriculum", value);
            phase.requireOnly(PHASE_KEYS, Map.of());
            YamlValue place = phase.required("until").value();
            double until = phase.decimal("until", 0, 1).orElseThrow();
            if (until <= from) {
                throw place.error(
                        "'curriculum.until' is " + until + ", not above " + from, "write phases in ascending order");
            }
            from = until;
            mixture.addPhases(phase(phase).setUntil(until));
        }
        if (from != 1) {
            throw phases.getLast()
                    .error("the last phase ends at " + from + " of the training", "write until: 1 in the last phase");
        }
    }

    private MixturePhase.Builder phase(Settings phase) {
        MixturePhase.Builder message = MixturePhase.newBuilder();
        Settings weights = phase.settings("weights").orElse(null);
        if (weights == null) {
            return message;
        }
        weights.requireOnly(sources.keySet(), Map.of());
        sources.keySet()
                .forEach(name ->
                        message.addWeights(weights.decimal(name, 0, MAX_WEIGHT).orElse(0.0)));
        if (message.getWeightsList().stream().noneMatch(weight -> weight > 0)) {
            throw phase.required("weights").error("no weight is above 0", "write a weight above 0 for a source");
        }
        return message;
    }

    /** Refuses a source without the weight that the whole training or a phase needs, and one that no phase draws. */
    private void requireWeights() {
        boolean needed = mixture.getPhasesCount() == 0
                || mixture.getPhasesList().stream().anyMatch(phase -> phase.getWeightsCount() == 0);
        int index = 0;
        for (YamlValue place : sources.values()) {
            int source = index++;
            if (needed && isAbsolute() && mixture.getSources(source).getWeight() == 0) {
                throw place.error(
                        "key 'sources.weight' is missing", "add weight: with a number, or set weighting: tokens");
            }
            if (!needed && mixture.getPhasesList().stream().allMatch(phase -> phase.getWeights(source) == 0)) {
                throw place.error("the source has no weight in any phase", "remove it, or give it a weight");
            }
        }
    }

    private boolean isAbsolute() {
        return mixture.getWeighting() == MixtureWeighting.MIXTURE_WEIGHTING_ABSOLUTE;
    }
}
