package io.rootstock.evaluation.task.request;

import io.rootstock.evaluation.task.GenerationSetting;
import io.rootstock.evaluation.task.Task;
import java.util.ArrayList;
import java.util.List;

/** Description and examples before a row's question. */
sealed interface Context {
    /**
     * An example.
     *
     * @param answer empty if the example has none
     */
    record Example(String question, String answer) {}

    /** Text between the question and a choice. */
    String choiceDelimiter();

    /** Log-probability of a continuation of the question. */
    Request loglikelihood(String question, String continuation);

    /** Generation after the question. */
    Request generation(String question, GenerationSetting setting);

    /** Returns the context of the questions of a task. */
    static Context of(Task task, PromptFormat format, String description, List<Example> examples) {
        return switch (format) {
            case PLAIN, CLASSIFIER -> Plain.of(task, description, examples);
            case CHAT -> Chat.of(description, examples);
        };
    }

    record Plain(String before, String choiceDelimiter) implements Context {
        static Plain of(Task task, String description, List<Example> examples) {
            StringBuilder before = new StringBuilder(description);
            for (Example example : examples) {
                before.append(example.question());
                if (!example.answer().isEmpty()) {
                    before.append(task.targetDelimiter())
                            .append(example.answer())
                            .append(task.fewshotDelimiter());
                }
            }
            return new Plain(before.toString(), task.targetDelimiter());
        }

        @Override
        public Request loglikelihood(String question, String continuation) {
            return LoglikelihoodRequest.of(before + question, continuation);
        }

        @Override
        public Request generation(String question, GenerationSetting setting) {
            return new GenerateRequest(before + question, setting.until(), setting.maxTokens());
        }
    }

    /** Messages; the chat template separates them, in place of the task's delimiters. */
    record Chat(List<ChatMessage> before) implements Context {
        static Chat of(String description, List<Example> examples) {
            List<ChatMessage> messages = new ArrayList<>();
            if (!description.isEmpty()) {
                messages.add(new ChatMessage("system", description));
            }
            for (Example example : examples) {
                messages.add(new ChatMessage("user", example.question()));
                if (!example.answer().isEmpty()) {
                    messages.add(new ChatMessage("assistant", example.answer()));
                }
            }
            return new Chat(messages);
        }

        @Override
        public String choiceDelimiter() {
            return "";
        }

        @Override
        public Request loglikelihood(String question, String continuation) {
            return new ChatLoglikelihoodRequest(messages(question), continuation);
        }

        @Override
        public Request generation(String question, GenerationSetting setting) {
            return new ChatGenerateRequest(messages(question), setting.until(), setting.maxTokens());
        }

        private List<ChatMessage> messages(String question) {
            List<ChatMessage> messages = new ArrayList<>(before);
            messages.add(new ChatMessage("user", question));
            return messages;
        }
    }
}
