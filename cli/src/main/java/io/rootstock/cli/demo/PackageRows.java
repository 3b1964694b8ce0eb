package io.rootstock.cli.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** Classification rows: a sentence, labelled with the package that it documents. */
final class PackageRows {
    /** Labels: packages, including their subpackages. */
    static final List<String> LABELS =
            List.of("java.awt", "java.security", "java.sql", "java.time", "java.util", "javax.swing");

    private static final int MIN_LENGTH = 40;
    private static final int MAX_LENGTH = 250;
    private static final long SEED = 123;

    private PackageRows() {}

    /**
     * @param label package that the sentence documents
     * @param text sentence of a Javadoc comment
     */
    record Row(String label, String text) {}

    /**
     * Rows of the types, without duplicate sentences, shuffled with a fixed seed.
     *
     * @param maxPerClass maximum number of rows per class
     */
    static List<Row> of(List<DocumentedType> types, int maxPerClass) {
        Map<String, List<Row>> byLabel = new LinkedHashMap<>();
        LABELS.forEach(label -> byLabel.put(label, new ArrayList<>()));
        Set<String> seen = new HashSet<>();
        for (DocumentedType type : types) {
            label(type.packageName()).ifPresent(label -> {
                for (DocumentedType.Comment comment : type.comments()) {
                    for (String paragraph : comment.paragraphs()) {
                        for (String sentence : Prose.sentences(paragraph)) {
                            boolean fits = sentence.length() >= MIN_LENGTH && sentence.length() <= MAX_LENGTH;
                            if (fits && seen.add(sentence)) {
                                byLabel.get(label).add(new Row(label, sentence));
                            }
                        }
                    }
                }
            });
        }
        Random random = new Random(SEED);
        List<Row> rows = new ArrayList<>();
        for (List<Row> ofLabel : byLabel.values()) {
            Collections.shuffle(ofLabel, random);
            rows.addAll(ofLabel.subList(0, Math.min(maxPerClass, ofLabel.size())));
        }
        Collections.shuffle(rows, random);
        return rows;
    }

    private static Optional<String> label(String packageName) {
        return LABELS.stream()
                .filter(label -> packageName.equals(label) || packageName.startsWith(label + "."))
                .findFirst();
    }
}
