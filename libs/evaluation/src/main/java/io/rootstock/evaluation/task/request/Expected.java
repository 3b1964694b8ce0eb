package io.rootstock.evaluation.task.request;

import java.util.List;
import java.util.OptionalInt;

/** The part of a row that its responses are compared with. */
public sealed interface Expected {
    /**
     * Choices with the correct ones.
     *
     * @param choices texts of the choices, without delimiter
     * @param gold indices of the correct choices; at least one
     * @param positive index of the class whose probability {@code auc} judges; the second one of two choices, if it is
     *     not stated
     */
    record Choice(List<String> choices, List<Integer> gold, OptionalInt positive) implements Expected {
        public Choice {
            choices = List.copyOf(choices);
            gold = List.copyOf(gold);
            positive = positive.isEmpty() && choices.size() == 2 ? OptionalInt.of(1) : positive;
        }

        /** Creates choices without a stated positive class. */
        public Choice(List<String> choices, List<Integer> gold) {
            this(choices, gold, OptionalInt.empty());
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
