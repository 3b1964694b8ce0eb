package io.rootstock.evaluation.task.score;

import io.rootstock.evaluation.task.MetricSetting;
import io.rootstock.evaluation.task.template.PythonRegex;
import java.util.List;
import java.util.Locale;

/** lm-evaluation-harness' {@code exact_match}: removes, folds and compares texts. */
final class ExactMatch {
    private static final String PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~";

    private final MetricSetting setting;
    private final List<PythonRegex> ignored;

    ExactMatch(MetricSetting setting) {
        this.setting = setting;
        this.ignored =
                setting.regexesToIgnore().stream().map(PythonRegex::compile).toList();
    }

    /** Returns 1 if the prediction equals any reference, else 0. */
    double score(String prediction, List<String> references) {
        String normalized = normalized(prediction);
        return references.stream().map(this::normalized).anyMatch(normalized::equals) ? 1 : 0;
    }

    private String normalized(String text) {
        String result = text;
        for (PythonRegex regex : ignored) {
            result = regex.remove(result);
        }
        if (setting.ignoreCase()) {
            result = result.toLowerCase(Locale.ROOT);
        }
        if (setting.ignorePunctuation()) {
            result = without(result, PUNCTUATION);
        }
        return setting.ignoreNumbers() ? without(result, "0123456789") : result;
    }

    private static String without(String text, String removed) {
        return text.codePoints()
                .filter(c -> removed.indexOf(c) < 0)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
