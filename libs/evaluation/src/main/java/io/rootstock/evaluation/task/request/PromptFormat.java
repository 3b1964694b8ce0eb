package io.rootstock.evaluation.task.request;

/** Form in which the rows of a task are given to a version. */
public enum PromptFormat {
    PLAIN,
    /**
     * Messages, which the version's chat template renders, as lm-evaluation-harness' {@code --apply_chat_template} with its
     * default {@code --fewshot_as_multiturn}.
     */
    CHAT,
    /** Texts to classify, for classifiers; choices are classes. */
    CLASSIFIER
}
