package io.rootstock.names;

/**
 * Resource name of a gate, {@code models/{model}/aliases/{alias}/gates/{gate}}.
 *
 * @param gate the gate's id, such as accuracy
 */
public record GateName(AliasName alias, String gate) {
    private static final String SEPARATOR = "/gates/";

    /** Rejects an invalid id with an {@link InvalidNameException}. */
    public GateName {
        ResourceId.require(gate);
    }

    /**
     * Parses a gate's resource name.
     *
     * @throws InvalidNameException if it is malformed
     */
    public static GateName parse(String name) {
        int separator = name.indexOf(SEPARATOR);
        if (separator < 0) {
            throw new InvalidNameException("must be models/{model}/aliases/{alias}/gates/{gate}, was '" + name + "'");
        }
        return new GateName(
                AliasName.parse(name.substring(0, separator)), name.substring(separator + SEPARATOR.length()));
    }

    @Override
    public String toString() {
        return alias + SEPARATOR + gate;
    }
}
