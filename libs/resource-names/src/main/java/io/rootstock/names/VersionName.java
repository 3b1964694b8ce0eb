package io.rootstock.names;

import java.util.Optional;

/**
 * Resource name of a version, {@code models/{model}/versions/{number}}.
 *
 * @param model the model's id
 * @param number the version's number, from 1
 */
public record VersionName(String model, long number) {
    private static final String NUMBERED = "version";

    /** Rejects an invalid id or number with an {@link InvalidNameException}. */
    public VersionName {
        ResourceId.require(model);
        ResourceNumber.require(NUMBERED, number);
    }

    /**
     * Parses a version's resource name.
     *
     * @throws InvalidNameException if it is malformed
     */
    public static VersionName parse(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length != 4 || !parts[0].equals(ResourceName.MODELS) || !parts[2].equals("versions")) {
            throw new InvalidNameException("must be models/{model}/versions/{n}, was '" + name + "'");
        }
        return new VersionName(ResourceId.require(parts[1]), number(parts[3]));
    }

    /** Parses a version's resource name; empty if it is not one. */
    public static Optional<VersionName> find(String name) {
        try {
            return Optional.of(parse(name));
        } catch (InvalidNameException _) {
            return Optional.empty();
        }
    }

    static long number(String digits) {
        return ResourceNumber.parse(NUMBERED, digits);
    }

    public String modelName() {
        return ResourceName.ofModel(model);
    }

    /** Short form of the name, {@code {model}:{number}}. */
    public String shortName() {
        return model + ":" + number;
    }

    @Override
    public String toString() {
        return modelName() + "/versions/" + number;
    }
}
