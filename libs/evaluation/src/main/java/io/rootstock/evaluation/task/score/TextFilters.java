package io.rootstock.evaluation.task.score;

import io.rootstock.chat.jinja.value.Python;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.evaluation.task.FilterPipeline;
import io.rootstock.evaluation.task.FilterStep;
import io.rootstock.evaluation.task.template.PythonRegex;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Applies the steps of a filter pipeline to generated texts. */
final class TextFilters {
    private final FilterPipeline pipeline;
    private final Map<FilterStep.Regex, PythonRegex> compiled = new HashMap<>();

    TextFilters(FilterPipeline pipeline) {
        this.pipeline = pipeline;
        for (FilterStep step : pipeline.steps()) {
            if (step instanceof FilterStep.Regex regex) {
                compiled.put(regex, PythonRegex.compile(regex.pattern()));
            }
        }
    }

    /** Name of the pipeline. */
    String name() {
        return pipeline.name();
    }

    String apply(String text) {
        String result = text;
        for (FilterStep step : pipeline.steps()) {
            result = switch (step) {
                case FilterStep.TakeFirst _ -> result;
                case FilterStep.Lowercase _ -> result.toLowerCase(Locale.ROOT);
                case FilterStep.Uppercase _ -> result.toUpperCase(Locale.ROOT);
                case FilterStep.RemoveWhitespace _ ->
                    Python.strip(Text.of(result), null, true, true).toString();
                case FilterStep.Regex regex -> compiled.get(regex).extract(result, regex.group(), regex.fallback());
            };
        }
        return result;
    }
}
