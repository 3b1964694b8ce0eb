package io.rootstock.grammar.schema;

import io.rootstock.grammar.error.UnsupportedConstraintException;
import java.util.ArrayList;
import java.util.List;

/**
 * Handles keywords of a schema that cannot be enforced: rejects the first one, or ignores all and lists them. Invalid
 * schemas, and schemas that no value satisfies, are rejected elsewhere in both cases.
 */
public final class UnsupportedKeywords {
    /** Maximum number of listed keywords. */
    public static final int MAX_LISTED = 20;

    private final boolean ignored;
    private final List<String> pointers = new ArrayList<>();

    private UnsupportedKeywords(boolean ignored) {
        this.ignored = ignored;
    }

    public static UnsupportedKeywords rejected() {
        return new UnsupportedKeywords(false);
    }

    public static UnsupportedKeywords ignored() {
        return new UnsupportedKeywords(true);
    }

    /** JSON pointers of the first {@value #MAX_LISTED} ignored keywords, in the order in which they were found. */
    public List<String> pointers() {
        return List.copyOf(pointers);
    }

    /**
     * Ignores the keyword.
     *
     * @throws UnsupportedConstraintException if keywords are not ignored
     */
    void found(Located located, String keyword, String reason) {
        found(located, keyword, located.refused(keyword, reason));
    }

    /**
     * Ignores the keyword.
     *
     * @param rejection thrown if keywords are not ignored
     */
    void found(Located located, String keyword, UnsupportedConstraintException rejection) {
        found(located.pathOf(keyword), rejection);
    }

    /**
     * Ignores the keyword at a pointer.
     *
     * @param rejection thrown if keywords are not ignored
     */
    void found(String pointer, UnsupportedConstraintException rejection) {
        if (!ignored) {
            throw rejection;
        }
        if (pointers.size() < MAX_LISTED && !pointers.contains(pointer)) {
            pointers.add(pointer);
        }
    }
}
