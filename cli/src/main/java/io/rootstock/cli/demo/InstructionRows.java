package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Instruction rows: a method's signature, and the first sentence of its documentation as the answer. */
final class InstructionRows {
    private static final int SHORTEST_ANSWER = 15;
    private static final int LONGEST_ANSWER = 140;
    private static final int LONGEST_SIGNATURE = 120;
    /** Boilerplate such as "Description copied from" must not become most of the data. */
    private static final int SAME_ANSWER = 3;

    private static final long SEED = 123;

    private InstructionRows() {}

    /**
     * One row.
     *
     * @param instruction the signature
     * @param output the summary
     */
    record Row(String instruction, String output) {}

    /**
     * The rows of all given types, without repetitions, in an order drawn by a fixed seed.
     *
     * @param most most rows
     */
    static List<Row> of(List<DocumentedType> types, int most) {
        Map<String, Integer> answers = new HashMap<>();
        Set<String> signatures = new HashSet<>();
        List<Row> rows = new ArrayList<>();
        for (DocumentedType type : types) {
            for (DocumentedType.Comment comment : type.comments()) {
                String summary = comment.summary();
                boolean fits = !comment.signature().isEmpty()
                        && comment.signature().length() <= LONGEST_SIGNATURE
                        && summary.length() >= SHORTEST_ANSWER
                        && summary.length() <= LONGEST_ANSWER
                        && summary.endsWith(".");
                if (fits
                        && signatures.add(comment.signature())
                        && answers.merge(summary, 1, Integer::sum) <= SAME_ANSWER) {
                    rows.add(new Row(comment.signature(), summary));
                }
            }
        }
        Collections.shuffle(rows, new Random(SEED));
        return rows.subList(0, Math.min(most, rows.size()));
    }
}
