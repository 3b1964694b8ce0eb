package io.rootstock.cli.command;

import java.util.function.Consumer;

/** Options that were given; the others stay unset in the request, so that the service chooses. */
public final class OptionalFields {
    private OptionalFields() {}

    public static <T> void setIfPresent(T value, Consumer<T> setter) {
        if (value != null) {
            setter.accept(value);
        }
    }
}
