package io.rootstock.bench.data.cleaning;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import io.rootstock.corpus.engine.spi.ComponentSpec;
import io.rootstock.corpus.engine.spi.Components;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Removed documents by the rule that removed them, with the truth of the planting. Removed parts of documents that stay are not
 * in it.
 *
 * @param rows by step in the order of the recipe, largest rules first
 * @param cleanBytes bytes of clean text of the raw corpus
 */
record RemovedDocuments(List<Row> rows, long cleanBytes) {
    private static final String COMPARED = "duplicates";

    RemovedDocuments {
        rows = List.copyOf(rows);
    }

    /**
     * Documents that one rule removed.
     *
     * @param junkBytes bytes of junk, also of junk inside of clean texts
     * @param cleanBytes bytes of clean text
     */
    record Row(String step, String rule, long junkBytes, long cleanBytes) {
        private Row plus(Row other) {
            return new Row(step, rule, junkBytes + other.junkBytes, cleanBytes + other.cleanBytes);
        }
    }

    /**
     * Finds the rule that removed each document by the outcomes of the steps on it.
     *
     * @param survivors cleaned texts by number of the document
     * @param steps steps of single documents, before those that compare documents
     */
    static RemovedDocuments of(
            List<PlantedDocument> documents, Map<Integer, String> survivors, List<ComponentSpec> steps) {
        List<DocumentStep> order = steps.stream().map(Components::step).toList();
        Map<String, Map<String, Row>> byStep = new LinkedHashMap<>();
        order.forEach(step -> byStep.put(step.name(), new LinkedHashMap<>()));
        byStep.put(COMPARED, new LinkedHashMap<>());
        long cleanBytes = 0;
        for (int number = 0; number < documents.size(); number++) {
            PlantedDocument document = documents.get(number);
            cleanBytes += document.cleanBytes();
            if (!survivors.containsKey(number)) {
                Row row = row(document, number, order);
                byStep.get(row.step()).merge(row.rule(), row, Row::plus);
            }
        }
        List<Row> rows = new ArrayList<>();
        byStep.values()
                .forEach(rules -> rules.values().stream()
                        .sorted(Comparator.comparingLong((Row row) -> row.junkBytes() + row.cleanBytes())
                                .reversed())
                        .forEach(rows::add));
        return new RemovedDocuments(rows, cleanBytes);
    }

    private static Row row(PlantedDocument planted, int number, List<DocumentStep> steps) {
        long junk = planted.bytes() - planted.cleanBytes();
        Document document = new Document("", DirtyCorpus.ADDRESS + number, "", Text.of(planted.text()));
        for (DocumentStep step : steps) {
            switch (step.apply(document)) {
                case Outcome.Kept kept -> document = kept.document();
                case Outcome.Removed removed -> {
                    return new Row(step.name(), rule(removed.reason()), junk, planted.cleanBytes());
                }
            }
        }
        return new Row(COMPARED, "copy of another document", junk, planted.cleanBytes());
    }

    /** Joins the reasons that name a language other than English. */
    private static String rule(String reason) {
        return reason.matches("language [a-z]{2,3}") ? "another language" : reason;
    }
}
