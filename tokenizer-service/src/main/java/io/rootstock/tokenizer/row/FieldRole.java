package io.rootstock.tokenizer.row;

import io.rootstock.tokenizer.v1.DatasetKind;
import io.rootstock.tokenizer.v1.FieldNames;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Roles of the fields of a row, with their standard names. */
public enum FieldRole {
    TEXT,
    LABEL,
    INSTRUCTION,
    INPUT,
    OUTPUT,
    MESSAGES,
    PROMPT,
    CHOSEN,
    REJECTED;

    /** Name in requests, and the standard name of the field. */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Name of the role's field in the request; empty: the standard name. */
    public String given(FieldNames names) {
        return switch (this) {
            case TEXT -> names.getText();
            case LABEL -> names.getLabel();
            case INSTRUCTION -> names.getInstruction();
            case INPUT -> names.getInput();
            case OUTPUT -> names.getOutput();
            case MESSAGES -> names.getMessages();
            case PROMPT -> names.getPrompt();
            case CHOSEN -> names.getChosen();
            case REJECTED -> names.getRejected();
        };
    }

    /** Name of the role's field in the rows. */
    String field(FieldNames names) {
        String given = given(names);
        return given.isEmpty() ? key() : given;
    }

    /** Roles that rows of a kind have. */
    public static Set<FieldRole> of(DatasetKind kind) {
        return switch (kind) {
            case DATASET_KIND_PRETRAINING -> EnumSet.of(TEXT);
            case DATASET_KIND_CLASSIFICATION -> EnumSet.of(TEXT, LABEL);
            case DATASET_KIND_INSTRUCTION -> EnumSet.of(INSTRUCTION, INPUT, OUTPUT, MESSAGES);
            case DATASET_KIND_PREFERENCE -> EnumSet.of(PROMPT, INSTRUCTION, INPUT, CHOSEN, REJECTED);
            case DATASET_KIND_UNSPECIFIED, UNRECOGNIZED -> EnumSet.allOf(FieldRole.class);
        };
    }

    /** The roles as text: {@code text, label}. */
    public static String list(Set<FieldRole> roles) {
        return roles.stream().map(FieldRole::key).collect(Collectors.joining(", "));
    }
}
