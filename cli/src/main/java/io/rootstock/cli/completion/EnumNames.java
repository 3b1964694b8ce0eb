package io.rootstock.cli.completion;

import java.util.Locale;

/** Values of options that are constants, as users write them. */
final class EnumNames {
    private EnumNames() {}

    /** The constant's text in lower case, which options accept. */
    static String of(Object constant) {
        return constant.toString().toLowerCase(Locale.ROOT);
    }
}
