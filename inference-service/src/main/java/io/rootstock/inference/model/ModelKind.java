package io.rootstock.inference.model;

import io.rootstock.registry.v1.VersionKind;
import java.util.Locale;

/** Kind of a served version. */
public enum ModelKind {
    /** A base model that continues text. */
    BASE,
    /** A model that follows instructions. */
    INSTRUCT,
    CLASSIFIER;

    static ModelKind of(VersionKind kind) {
        return switch (kind) {
            case VERSION_KIND_BASE -> BASE;
            case VERSION_KIND_INSTRUCT -> INSTRUCT;
            case VERSION_KIND_CLASSIFIER -> CLASSIFIER;
            case VERSION_KIND_UNSPECIFIED, UNRECOGNIZED ->
                throw new LoadException("the registry returned a version kind unknown to this service: " + kind);
        };
    }

    /** The name in responses. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
