package io.rootstock.cli.command;

import java.util.function.Consumer;

/** Copies options into a request; an option that is not set leaves its field unset. */
public final class OptionalFields {
    private OptionalFields() {}

    public static <T> void setIfPresent(T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
