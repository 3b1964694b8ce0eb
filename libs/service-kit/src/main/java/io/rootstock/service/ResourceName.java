package io.rootstock.service;

import java.util.regex.Pattern;

/** Resource names such as {@code datasets/javadoc} and {@code models/base/versions/3}. */
public final class ResourceName {
    private static final Pattern ID = Pattern.compile("[a-z][a-z0-9-]{0,62}");

    private ResourceName() {}

    /**
     * Parses a name of the form {@code collection/id} and returns its id.
     *
     * @param collection collection, for example {@code tokenizers}
     * @param name resource name in the request
     * @param field field of the request, for the error
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if the name is invalid
     */
    public static String parse(String collection, String name, String field) {
        String prefix = collection + "/";
        if (!name.startsWith(prefix) || !isId(name.substring(prefix.length()))) {
            throw Errors.invalidArgument(
                    field,
                    "must be " + prefix + "{id} with an id of the form " + ID.pattern() + ", was '" + name + "'");
        }
        return name.substring(prefix.length());
    }

    /**
     * Checks an id without a collection, as in a create request.
     *
     * @return the id
     * @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT if it is not of the form {@code [a-z][a-z0-9-]{0,62}}
     */
    public static String id(String id, String field) {
        if (!isId(id)) {
            throw Errors.invalidArgument(field, "must be an id of the form " + ID.pattern() + ", was '" + id + "'");
        }
        return id;
    }

    /** Whether this is a valid id: a lower-case letter, then up to 62 lower-case letters, digits and hyphens. */
    public static boolean isId(String id) {
        return ID.matcher(id).matches();
    }
}
