package io.rootstock.tokenizer.row;

import com.fasterxml.jackson.databind.JsonNode;
import io.rootstock.corpus.source.Row;
import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.FieldNames;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides the shape of a file from its first rows. A row that fits no shape decides nothing and is a bad row later; a row
 * that fits two, or another one than the rows before, makes the shape unclear.
 */
public final class ShapeDetector {
    /** Number of rows that decide. */
    public static final int ROWS = 100;

    private static final int SHOWN_FIELDS = 20;
    private static final String REMEDY = "state the shape of the file or name its fields";

    private final String file;
    private final RowForms forms;
    private final Set<String> fields = new LinkedHashSet<>();
    private final Set<String> otherFields = new LinkedHashSet<>();
    private RowForm found;
    private long foundLine;
    private int rows;
    private int unfit;
    private long firstUnfit;
    private List<String> unfitNames = List.of();

    /**
     * @param file name of the file, for errors
     * @param kind kind of the rows, if it is stated
     * @param names fields that the request names
     * @param label label of all rows of the file; empty: rows have a label
     * @param answered whether rows need a label or an answer
     */
    public ShapeDetector(String file, Optional<DatasetKind> kind, FieldNames names, String label, boolean answered) {
        this.file = file;
        this.forms = new RowForms(kind, names, label, answered);
    }

    /**
     * Looks at the next row.
     *
     * @return whether more rows are needed
     * @throws UnclearShapeException naming file and line
     */
    public boolean add(Row row) {
        List<RowForm> fitting = forms.fitting(row.fields());
        rows++;
        if (fitting.isEmpty()) {
            if (unfit++ == 0) {
                firstUnfit = row.line();
                unfitNames = names(row.fields());
            }
        } else if (fitting.size() > 1) {
            throw unclear(row.line(), "the row fits " + describe(fitting.get(0)) + ", and " + describe(fitting.get(1)));
        } else if (found == null) {
            found = fitting.getFirst();
            foundLine = row.line();
        } else if (!found.equals(fitting.getFirst())) {
            throw unclear(
                    row.line(),
                    "the row is of the shape " + describe(fitting.getFirst()) + ", but line " + foundLine
                            + " is of the shape " + describe(found) + "; give each shape a file of its own, or");
        }
        if (found != null && !fitting.isEmpty()) {
            List<String> read = RowForms.fields(found, row.fields());
            fields.addAll(read);
            names(row.fields()).stream()
                    .filter(name -> !read.contains(name))
                    .limit(SHOWN_FIELDS)
                    .forEach(otherFields::add);
        }
        return rows < ROWS;
    }

    /** Returns the shape that the rows have; empty if no row fits one. */
    public Optional<DetectedShape> result() {
        return Optional.ofNullable(found).map(form -> new DetectedShape(form, reason()));
    }

    /**
     * Returns a shape of the kind for a file none of whose first rows fits one; its errors help most.
     *
     * @param kind kind of the rows
     */
    public DetectedShape byKind(DatasetKind kind) {
        Shape shape = switch (kind) {
            case DATASET_KIND_PRETRAINING -> Shape.TEXT;
            case DATASET_KIND_CLASSIFICATION -> Shape.TEXT_LABEL;
            case DATASET_KIND_PREFERENCE -> Shape.PREFERENCE_TEXTS;
            case DATASET_KIND_INSTRUCTION -> forms.ofUnfitRow(unfitNames);
            case DATASET_KIND_UNSPECIFIED, UNRECOGNIZED -> throw new IllegalArgumentException("kind " + kind);
        };
        String range = rows == 0 ? "the file has no readable row" : "no row of rows 1-" + rows + " fits a shape";
        return new DetectedShape(new RowForm(shape, forms.names()), range + "; the kind decides");
    }

    /** Returns the error for a file none of whose rows fits a shape. */
    public UnclearShapeException none() {
        return rows == 0
                ? new UnclearShapeException(file + ": the file has no row that shows its shape; state the kind")
                : unclear(
                        firstUnfit,
                        "the row fits no shape; its fields are " + list(unfitNames) + "; state the kind, or");
    }

    private String reason() {
        String range = rows == 1 ? "row 1 has" : "rows 1-" + rows + " have";
        String with = switch (found.shape()) {
            case MESSAGES -> " with role and content";
            case SHAREGPT -> " with from and value";
            case TEXT, TEXT_LABEL, ALPACA, LINE_ALIGNED, PREFERENCE_TEXTS, PREFERENCE_MESSAGES -> "";
        };
        List<String> described = fields.stream()
                .map(field -> field.equals(found.fields().getMessages()) ? field + with : field)
                .toList();
        return range + " the field" + (fields.size() == 1 ? " " : "s ") + list(described)
                + (unfit == 0 ? "" : ", except " + unfit + ", the first in line " + firstUnfit)
                + (otherFields.isEmpty() ? "" : "; not read: " + list(otherFields));
    }

    private UnclearShapeException unclear(long line, String reason) {
        return new UnclearShapeException(
                file + ":" + line + ": " + reason + (reason.endsWith("or") ? " " : "; ") + REMEDY);
    }

    private static String describe(RowForm form) {
        FieldNames names = form.fields();
        String of = switch (form.shape()) {
            case MESSAGES, SHAREGPT -> names.getMessages();
            case TEXT -> FieldRole.TEXT.field(names);
            case TEXT_LABEL -> FieldRole.TEXT.field(names) + ", " + FieldRole.LABEL.field(names);
            case ALPACA -> FieldRole.INSTRUCTION.field(names) + ", " + FieldRole.OUTPUT.field(names);
            case PREFERENCE_TEXTS, PREFERENCE_MESSAGES ->
                FieldRole.CHOSEN.field(names) + ", " + FieldRole.REJECTED.field(names);
            case LINE_ALIGNED -> "lines";
        };
        return form.shape().key() + " (" + of + ")";
    }

    private static List<String> names(JsonNode row) {
        List<String> names = new ArrayList<>();
        row.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static String list(Iterable<String> names) {
        List<String> all = new ArrayList<>();
        names.forEach(all::add);
        int more = all.size() - SHOWN_FIELDS;
        return String.join(", ", more > 0 ? all.subList(0, SHOWN_FIELDS) : all)
                + (more > 0 ? " and " + more + " more" : "");
    }

    /**
     * Shape of a file.
     *
     * @param form shape with its fields
     * @param reason what decided the shape
     */
    public record DetectedShape(RowForm form, String reason) {}

    /** The shape of a file cannot be decided; the message states file, line, reason and remedy. */
    public static final class UnclearShapeException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        UnclearShapeException(String message) {
            super(message);
        }
    }
}
