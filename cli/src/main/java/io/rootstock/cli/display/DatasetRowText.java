package io.rootstock.cli.display;

import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.DatasetRow;
import io.rootstock.tokenizer.v1.TextSegment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A stored row of a dataset: as fields for other programs, and as lines that show the loss mask. */
public final class DatasetRowText {
    private static final int SHOWN_CHARACTERS = 2000;

    private DatasetRowText() {}

    /**
     * Fields of a row: text (pre-training), text and label (classification), prompt and output (instruction), or prompt,
     * chosen and rejected (preference). A prompt is all text before the last answer, with special tokens; all other
     * texts are without special tokens.
     */
    public static Map<String, String> fields(DatasetKind kind, DatasetRow row) {
        Map<String, String> fields = new LinkedHashMap<>();
        switch (kind) {
            case DATASET_KIND_CLASSIFICATION -> {
                fields.put("text", plain(row.getSegmentsList()));
                fields.put("label", row.getLabel());
            }
            case DATASET_KIND_INSTRUCTION -> {
                fields.put("prompt", prompt(row.getSegmentsList()));
                fields.put("output", answer(row.getSegmentsList()));
            }
            case DATASET_KIND_PREFERENCE -> {
                Map<Boolean, List<TextSegment>> halves =
                        row.getSegmentsList().stream().collect(Collectors.partitioningBy(TextSegment::getRejected));
                fields.put("prompt", prompt(halves.get(false)));
                fields.put("chosen", answer(halves.get(false)));
                fields.put("rejected", answer(halves.get(true)));
            }
            case DATASET_KIND_PRETRAINING, DATASET_KIND_UNSPECIFIED, UNRECOGNIZED ->
                fields.put("text", plain(row.getSegmentsList()));
        }
        return fields;
    }

    /**
     * Lines of a row: position, size and label, then the text. A line of the text begins with {@code +} where the loss
     * covers it, and with {@code -} in the row of a rejected answer.
     */
    public static List<String> lines(String split, DatasetRow row) {
        List<String> lines = new ArrayList<>();
        lines.add("%s row %d of %s, %d tokens%s"
                .formatted(
                        split,
                        row.getRow(),
                        row.getSource(),
                        row.getTokens(),
                        row.getLabel().isEmpty() ? "" : ", label " + row.getLabel()));
        int left = SHOWN_CHARACTERS;
        for (List<TextSegment> run : runs(row.getSegmentsList())) {
            String text = run.stream().map(TextSegment::getText).collect(Collectors.joining());
            if (left == 0) {
                break;
            }
            String shown = text.length() > left ? text.substring(0, left) + "…" : text;
            left = Math.max(0, left - text.length());
            TextSegment first = run.getFirst();
            String mark = !first.getLoss() ? " " : first.getRejected() ? "-" : "+";
            lines.add("  " + mark + " "
                    + shown.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r"));
        }
        return lines;
    }

    /** Consecutive segments with an equal mask. */
    private static List<List<TextSegment>> runs(List<TextSegment> segments) {
        List<List<TextSegment>> runs = new ArrayList<>();
        for (TextSegment segment : segments) {
            TextSegment before = runs.isEmpty() ? null : runs.getLast().getLast();
            if (before == null
                    || before.getLoss() != segment.getLoss()
                    || before.getRejected() != segment.getRejected()) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(segment);
        }
        return runs;
    }

    private static String prompt(List<TextSegment> segments) {
        return text(segments.subList(0, answerStart(segments)).stream());
    }

    private static String answer(List<TextSegment> segments) {
        return plain(segments.stream()
                .skip(answerStart(segments))
                .takeWhile(TextSegment::getLoss)
                .toList());
    }

    /** Index of the first segment of the last answer. */
    private static int answerStart(List<TextSegment> segments) {
        int at = segments.size();
        while (at > 0 && !segments.get(at - 1).getLoss()) {
            at--;
        }
        while (at > 0 && segments.get(at - 1).getLoss()) {
            at--;
        }
        return at;
    }

    private static String plain(List<TextSegment> segments) {
        return text(segments.stream().filter(segment -> !segment.getSpecial()));
    }

    private static String text(Stream<TextSegment> segments) {
        return segments.map(TextSegment::getText).collect(Collectors.joining());
    }
}
