package io.rootstock.cli.evaluation;

import io.rootstock.evaluation.v1.Evaluation;
import io.rootstock.evaluation.v1.PromptFormat;
import io.rootstock.evaluation.v1.TaskResult;

/** Names of the prompt formats of evaluations. */
public final class PromptFormats {
    static final String TEXT = "text";

    private PromptFormats() {}

    /** {@code chat}, {@code text}, or {@code classified text} of a classifier. */
    public static String of(Evaluation evaluation) {
        if (evaluation.getResultsList().stream().anyMatch(TaskResult::getClassified)) {
            return "classified text";
        }
        return isChat(evaluation.getSpec().getPromptFormat()) ? "chat" : TEXT;
    }

    /** Whether prompts are rendered with the chat template. */
    public static boolean isChat(PromptFormat format) {
        return format == PromptFormat.PROMPT_FORMAT_CHAT;
    }

    /** A sentence about two evaluations with different formats; empty if they are equal. */
    public static String difference(Evaluation first, Evaluation second) {
        String one = of(first);
        String other = of(second);
        return one.equals(other)
                ? ""
                : "the prompt formats differ: " + one + " in the first evaluation, " + other + " in the second";
    }
}
