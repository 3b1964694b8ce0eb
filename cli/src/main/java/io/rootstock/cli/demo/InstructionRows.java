package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Instruction rows: a method signature, answered by the first sentence of its documentation. */
final class InstructionRows {
    private static final int MIN_ANSWER_LENGTH = 15;
    private static final int MAX_ANSWER_LENGTH = 140;
    private static final int MAX_SIGNATURE_LENGTH = 120;
    /** Bounds boilerplate such as "Description copied from". */
    private static final int MAX_DUPLICATE_ANSWERS = 3;

    private static final long SEED = 123;

    private InstructionRows() {}

    /**
     * @param instruction method signature
     * @param output first sentence of the documentation
     */
    record Row(String instruction, String output) {}

    /**
     * Rows of the types, without duplicate signatures, shuffled with a fixed seed.
     *
     * @param maxRows maximum number of rows
     */
    static List<Row> of(List<DocumentedType> types, int maxRows) {
        Map<String, Integer> answers = new HashMap<>();
        Set<String> signatures = new HashSet<>();
        List<Row> rows = new ArrayList<>();
        for (DocumentedType type : types) {
            for (DocumentedType.Comment comment : type.comments()) {
                String summary = comment.summary();
                boolean fits = !comment.signature().isEmpty()
                        && comment.signature().length() <= MAX_SIGNATURE_LENGTH
                        && summary.length() >= MIN_ANSWER_LENGTH
                        && summary.length() <= MAX_ANSWER_LENGTH
                        && summary.endsWith(".");
                if (fits
                        && signatures.add(comment.signature())
                        && answers.merge(summary, 1, Integer::sum) <= MAX_DUPLICATE_ANSWERS) {
                    rows.add(new Row(comment.signature(), summary));
                }
            }
        }
        Collections.shuffle(rows, new Random(SEED));
        return rows.subList(0, Math.min(maxRows, rows.size()));
    }
}
