package io.rootstock.evaluation.task.request;

import java.util.List;

/** The part of a row that its responses are compared with. */
public sealed interface Expected {
    /**
     * Choices with the correct ones.
     *
     * @param choices texts of the choices, without delimiter
     * @param gold indices of the correct choices; at least one
     */
    record Choice(List<String> choices, List<Integer> gold) implements Expected {
        public Choice {
            choices = List.copyOf(choices);
            gold = List.copyOf(gold);
        }
    }

    /** The continuation itself: correct if every token of it is the most probable one. */
    record Continuation() implements Expected {}

    /**
     * A document whose bits are measured.
     *
     * @param bytes UTF-8 bytes
     * @param words parts between white space, as {@code len(re.split(r"\s+", text))}
     */
    record Document(long bytes, long words) implements Expected {}

    /**
     * Reference texts of a generation.
     *
     * @param references correct answers; at least one
     */
    record References(List<String> references) implements Expected {
        public References {
            references = List.copyOf(references);
        }
    }
}
