package io.rootstock.evaluation.task;

import io.rootstock.yaml.YamlText;

/** A step of {@code filter_list} that changes a generated text before it is compared. */
public sealed interface FilterStep {
    /** Keeps the first response; every task here has one response per row. */
    record TakeFirst() implements FilterStep {}

    record Lowercase() implements FilterStep {}

    record Uppercase() implements FilterStep {}

    /** Removes white space at both ends. */
    record RemoveWhitespace() implements FilterStep {}

    /**
     * Extracts a match of a Python regular expression, as {@code re.findall} and an index into its result.
     *
     * @param pattern regular expression; of several groups, the first that is not empty counts
     * @param group index of the match, negative from the end
     * @param fallback text where the expression does not match
     */
    record Regex(YamlText pattern, int group, String fallback) implements FilterStep {}
}
