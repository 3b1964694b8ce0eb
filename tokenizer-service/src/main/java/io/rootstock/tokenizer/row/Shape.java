package io.rootstock.tokenizer.row;

import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.RowShape;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** Shapes of rows, each of one dataset kind. */
public enum Shape {
    TEXT(RowShape.ROW_SHAPE_TEXT, DatasetKind.DATASET_KIND_PRETRAINING, "text"),
    TEXT_LABEL(RowShape.ROW_SHAPE_TEXT_LABEL, DatasetKind.DATASET_KIND_CLASSIFICATION, "text with label"),
    ALPACA(RowShape.ROW_SHAPE_ALPACA, DatasetKind.DATASET_KIND_INSTRUCTION, "Alpaca"),
    MESSAGES(RowShape.ROW_SHAPE_MESSAGES, DatasetKind.DATASET_KIND_INSTRUCTION, "OpenAI messages"),
    SHAREGPT(RowShape.ROW_SHAPE_SHAREGPT, DatasetKind.DATASET_KIND_INSTRUCTION, "ShareGPT"),
    LINE_ALIGNED(RowShape.ROW_SHAPE_LINE_ALIGNED, DatasetKind.DATASET_KIND_INSTRUCTION, "line-aligned files"),
    PREFERENCE_TEXTS(RowShape.ROW_SHAPE_PREFERENCE_TEXTS, DatasetKind.DATASET_KIND_PREFERENCE, "preference texts"),
    PREFERENCE_MESSAGES(
            RowShape.ROW_SHAPE_PREFERENCE_MESSAGES, DatasetKind.DATASET_KIND_PREFERENCE, "preference messages");

    private final RowShape contract;
    private final DatasetKind kind;
    private final String title;

    Shape(RowShape contract, DatasetKind kind, String title) {
        this.contract = contract;
        this.kind = kind;
        this.title = title;
    }

    /** Returns the shape of a request; empty if it states none. */
    public static Optional<Shape> of(RowShape stated) {
        return Arrays.stream(values()).filter(shape -> shape.contract == stated).findFirst();
    }

    /** The shape in contracts. */
    public RowShape contract() {
        return contract;
    }

    /** Kind of the rows. */
    public DatasetKind kind() {
        return kind;
    }

    /** Name for reports and errors: {@code OpenAI messages}. */
    public String title() {
        return title;
    }

    /** Name in requests and options: {@code preference-texts}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
