package io.rootstock.corpus.worker.step;

import io.rootstock.corpus.Document;
import io.rootstock.corpus.DocumentStep;
import io.rootstock.corpus.Outcome;
import io.rootstock.corpus.Text;
import io.rootstock.evaluation.contamination.ContaminationIndex;
import io.rootstock.evaluation.contamination.DocumentSearch;
import io.rootstock.evaluation.contamination.RowInDocument;
import io.rootstock.evaluation.contamination.TaskTexts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Removes documents that hold rows of evaluation sets, or cuts the rows out of them. */
final class Decontamination implements DocumentStep {
    /** Name in recipes. */
    static final String NAME = "decontamination";

    /** Version of the rules. */
    static final int VERSION = 1;

    private final List<TaskTexts> tasks;
    private final ContaminationIndex index;
    private final double minShare;
    private final Optional<ContaminatedParts> cut;
    /** Idle searches, one for each thread that has used the step. */
    private final Queue<DocumentSearch> searches = new ConcurrentLinkedQueue<>();

    /**
     * @param tasks rows to search for
     * @param index index with these tasks
     * @param minShare least share of a row's n-grams in one document; 0: one n-gram is enough
     * @param cut cuts the rows out; empty: the document is removed
     */
    Decontamination(List<TaskTexts> tasks, ContaminationIndex index, double minShare, Optional<ContaminatedParts> cut) {
        this.tasks = List.copyOf(tasks);
        this.index = index;
        this.minShare = minShare;
        this.cut = cut;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int version() {
        return VERSION;
    }

    /** SHA-256 of the names and texts of all rows, hexadecimal. */
    String identity() {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            for (TaskTexts task : tasks) {
                sha256.update((task.task() + "\n" + task.digest() + "\n").getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(sha256.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Facts for the user: the rows of each task, and those that are too short to be searched for. */
    List<String> notes() {
        return tasks.stream()
                .map(task -> "decontamination searches for " + task.checkedRows() + " of "
                        + (task.checkedRows() + task.uncheckedRows()) + " rows of " + task.task()
                        + (task.uncheckedRows() == 0 ? "" : "; the others have too little text"))
                .toList();
    }

    @Override
    public Outcome apply(Document document) {
        DocumentSearch search = Optional.ofNullable(searches.poll()).orElseGet(() -> new DocumentSearch(index));
        List<RowInDocument> rows = search.search(document.text().utf8()).stream()
                .filter(row -> row.share() >= minShare)
                .toList();
        searches.add(search);
        if (rows.isEmpty()) {
            return new Outcome.Kept(document);
        }
        return cut.map(parts -> cut(document, rows, parts)).orElseGet(() -> new Outcome.Removed(reason(rows)));
    }

    /** Names the row of which the document has the largest share, the first one of several. */
    private static String reason(List<RowInDocument> rows) {
        return name(rows.stream()
                .max(Comparator.comparingDouble(RowInDocument::share)
                        .thenComparing(Comparator.comparingInt(rows::indexOf).reversed()))
                .orElseThrow());
    }

    private static String name(RowInDocument row) {
        return "row " + row.row() + " of " + row.task();
    }

    private static Outcome cut(Document document, List<RowInDocument> rows, ContaminatedParts parts) {
        List<RowInDocument.Place> places =
                rows.stream().flatMap(row -> row.places().stream()).toList();
        return switch (parts.cut(document.text().utf8(), places)) {
            case ContaminatedParts.Result.Rest(byte[] utf8) -> {
                Map<String, Integer> edits = rows.stream()
                        .collect(Collectors.toMap(
                                Decontamination::name, row -> row.places().size(), Integer::sum));
                yield new Outcome.Kept(document.withText(Text.ofValidUtf8(utf8)), edits);
            }
            case ContaminatedParts.Result.TooManyPieces _ -> new Outcome.Removed("too many pieces without rows");
            case ContaminatedParts.Result.NothingLeft _ -> new Outcome.Removed("no piece without rows");
        };
    }
}
