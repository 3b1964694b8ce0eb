package io.rootstock.inference.serving;

import io.rootstock.registry.v1.VersionKind;
import java.util.Locale;

/** What a served version can do. */
public enum ModelKind {
    /** Continues text. */
    BASE,
    /** Answers instructions. */
    INSTRUCT,
    /** Classifies text. */
    CLASSIFIER;

    static ModelKind of(VersionKind kind) {
        return switch (kind) {
            case VERSION_KIND_BASE -> BASE;
            case VERSION_KIND_INSTRUCT -> INSTRUCT;
            case VERSION_KIND_CLASSIFIER -> CLASSIFIER;
            case VERSION_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new LoadException("the registry states no kind that this service knows: " + kind);
        };
    }

    /** As clients see it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
