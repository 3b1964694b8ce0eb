package io.rootstock.corpus.worker.step;

import static io.rootstock.corpus.recipe.Parameter.choice;
import static io.rootstock.corpus.recipe.Parameter.decimal;
import static io.rootstock.corpus.recipe.Parameter.flag;
import static io.rootstock.corpus.recipe.Parameter.integer;
import static io.rootstock.corpus.recipe.Parameter.word;
import static io.rootstock.corpus.recipe.Parameter.words;

import io.rootstock.corpus.language.FastTextDetector;
import io.rootstock.corpus.language.LanguageDetector;
import io.rootstock.corpus.language.LanguageFilter;
import io.rootstock.corpus.language.OpenNlpDetector;
import io.rootstock.corpus.licence.LicenceFilter;
import io.rootstock.corpus.licence.LicenceFilter.UnknownLicence;
import io.rootstock.corpus.privacy.PiiKind;
import io.rootstock.corpus.privacy.PiiMasking;
import io.rootstock.corpus.recipe.StepKind;
import io.rootstock.corpus.recipe.StepSettings;
import io.rootstock.corpus.unicode.UnicodeRepair;
import io.rootstock.corpus.unit.InputRoots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Unicode repair, language, personal data and licences. */
final class TextBindings {
    /** Parameter of {@link #language()}: path of a model file. */
    static final String MODEL = "model";

    private static final int PREFIX = LanguageFilter.DEFAULT_PREFIX_BYTES;

    private TextBindings() {}

    static List<StepBinding> all() {
        return List.of(unicode(), language(), pii(), licence());
    }

    private static StepBinding unicode() {
        return StepBinding.of(
                UnicodeRepair.ALL,
                "Repairs characters: mojibake, line ends, control and zero-width characters, NFC.",
                List.of(
                        flag("mojibake", true, "Decode UTF-8 that was read as windows-1252 or ISO-8859-1."),
                        flag("line_endings", true, "Write all line ends as \\n."),
                        flag("controls", true, "Remove control characters."),
                        flag("zero_width", true, "Remove zero-width characters that carry no meaning."),
                        flag("nfc", true, "Bring the text to Unicode normalisation form C.")),
                settings -> new UnicodeRepair(
                        settings.flag("mojibake"),
                        settings.flag("line_endings"),
                        settings.flag("controls"),
                        settings.flag("zero_width"),
                        settings.flag("nfc")));
    }

    private static StepBinding language() {
        StepKind kind = new StepKind(
                "language",
                1,
                "Keeps documents of some languages.",
                List.of(
                        words("languages", List.of("en"), "Languages to keep, as the model names them."),
                        decimal(
                                "min_probability",
                                0,
                                1,
                                LanguageFilter.DEFAULT_MIN_PROBABILITY,
                                "Least probability of the language."),
                        integer("prefix_bytes", 16, 1 << 20, PREFIX, "Bytes that are read of each document."),
                        word(
                                MODEL,
                                "",
                                "fastText model, such as lid.176.bin, relative to the recipe's folder; empty: OpenNLP's.")));
        return new StepBinding(
                kind,
                TextBindings::resolveModel,
                settings -> new LanguageFilter(
                        detector(settings.text(MODEL)),
                        settings.texts("languages"),
                        settings.decimal("min_probability"),
                        (int) settings.integer("prefix_bytes")));
    }

    /** Replaces the path of the model, relative to the recipe's folder, by its real path inside of the allowed directories. */
    private static StepSettings resolveModel(StepSettings step, InputRoots roots) {
        String model = step.text(MODEL);
        if (model.isEmpty()) {
            return step;
        }
        Map<String, Object> values = new HashMap<>(step.values());
        values.put(
                MODEL,
                roots.requireInside(roots.base().resolve(model).normalize()).toString());
        return new StepSettings(step.kind(), values, step.line());
    }

    /** Reads the detector of a model file; without one, OpenNLP's. */
    static LanguageDetector detector(String model) {
        if (model.isEmpty()) {
            return new OpenNlpDetector();
        }
        try {
            return FastTextDetector.read(Path.of(model));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StepBinding pii() {
        List<String> kinds = Arrays.stream(PiiKind.values()).map(PiiKind::label).toList();
        return StepBinding.of(
                PiiMasking.ofAllKinds(),
                "Replaces personal data and secrets by a placeholder for each kind.",
                List.of(words("kinds", kinds, "Kinds to replace.")),
                TextBindings::masking);
    }

    private static PiiMasking masking(StepSettings settings) {
        Map<String, PiiKind> kinds =
                Arrays.stream(PiiKind.values()).collect(Collectors.toMap(PiiKind::label, Function.identity()));
        return new PiiMasking(settings.texts("kinds").stream()
                .map(label -> {
                    PiiKind kind = kinds.get(label);
                    if (kind == null) {
                        throw new IllegalArgumentException("unknown kind '" + label + "'; choose from "
                                + kinds.keySet().stream().sorted().collect(Collectors.joining(", ")));
                    }
                    return kind;
                })
                .distinct()
                .collect(Collectors.toMap(Function.identity(), PiiKind::placeholder)));
    }

    private static StepBinding licence() {
        return StepBinding.of(
                new LicenceFilter(List.of("MIT"), List.of(), UnknownLicence.KEEP),
                "Keeps documents by their SPDX licence.",
                List.of(
                        words("allowed", List.of(), "SPDX identifiers of licences whose documents stay."),
                        words("denied", List.of(), "SPDX identifiers of licences whose documents are removed."),
                        choice(
                                "unknown",
                                List.of("keep", "remove"),
                                "remove",
                                "Documents without a licence, or with one on neither list.")),
                settings -> new LicenceFilter(
                        settings.texts("allowed"),
                        settings.texts("denied"),
                        UnknownLicence.valueOf(settings.text("unknown").toUpperCase(Locale.ROOT))));
    }
}
