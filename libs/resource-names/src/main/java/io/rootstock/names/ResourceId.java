package io.rootstock.names;

import java.util.regex.Pattern;

/** Ids in resource names: a lower-case letter, then up to 62 lower-case letters, digits and hyphens. */
public final class ResourceId {
    /** Maximum characters. */
    public static final int MAX_LENGTH = 63;

    static final Pattern FORM = Pattern.compile("[a-z][a-z0-9-]{0," + (MAX_LENGTH - 1) + "}");

    private ResourceId() {}

    /** Whether this is a valid id. */
    public static boolean isValid(String id) {
        return FORM.matcher(id).matches();
    }

    /**
     * Returns the id.
     *
     * @throws InvalidNameException if it is not of the form {@code [a-z][a-z0-9-]{0,62}}
     */
    public static String require(String id) {
        if (!isValid(id)) {
            throw new InvalidNameException("must be an id of the form " + FORM.pattern() + ", was '" + id + "'");
        }
        return id;
    }
}
