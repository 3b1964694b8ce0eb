package io.rootstock.names;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Names of the values of the contracts' enums without their prefix: {@code RUNNING} of {@code JOB_STATE_RUNNING}. The prefix
 * is that of the enum's first value, which ends in {@code UNSPECIFIED}.
 */
public final class EnumNames {
    private static final String UNSPECIFIED = "UNSPECIFIED";

    private EnumNames() {}

    /** The value's name without the prefix; {@code UNRECOGNIZED}, which has none, is returned unchanged. */
    public static String of(Enum<?> value) {
        String prefix = prefix(value.getDeclaringClass());
        return value.name().startsWith(prefix) ? value.name().substring(prefix.length()) : value.name();
    }

    /** The value's name without the prefix, in lower case: {@code needs_recovery}. */
    public static String lowerCase(Enum<?> value) {
        return of(value).toLowerCase(Locale.ROOT);
    }

    /** The names of all values that can be set, without the prefix. */
    public static List<String> all(Class<? extends Enum<?>> type) {
        String prefix = prefix(type);
        return Arrays.stream(type.getEnumConstants())
                .map(Enum::name)
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(name -> !name.equals(UNSPECIFIED))
                .toList();
    }

    /**
     * Returns the value with a name without the prefix.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static <E extends Enum<E>> E parse(Class<E> type, String name) {
        return Enum.valueOf(type, prefix(type) + name);
    }

    private static String prefix(Class<?> type) {
        String first = ((Enum<?>) type.getEnumConstants()[0]).name();
        if (!first.endsWith("_" + UNSPECIFIED)) {
            throw new IllegalArgumentException(type + " is not an enum of a contract: its first value is " + first);
        }
        return first.substring(0, first.length() - UNSPECIFIED.length());
    }
}
