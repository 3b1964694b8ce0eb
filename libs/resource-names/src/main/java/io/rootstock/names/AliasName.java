package io.rootstock.names;

/**
 * Resource name of an alias, {@code models/{model}/aliases/{alias}}.
 *
 * @param model the model's id
 * @param alias the alias's id, such as production
 */
public record AliasName(String model, String alias) {
    /** The reserved alias of the newest version; it cannot be set. */
    public static final String LATEST = "latest";

    /** Rejects invalid ids with an {@link InvalidNameException}. */
    public AliasName {
        ResourceId.require(model);
        ResourceId.require(alias);
    }

    /**
     * Parses an alias's resource name.
     *
     * @throws InvalidNameException if it is malformed, or the alias is {@value #LATEST}
     */
    public static AliasName parse(String name) {
        String[] parts = name.split("/", -1);
        if (parts.length != 4 || !parts[0].equals(ResourceName.MODELS) || !parts[2].equals("aliases")) {
            throw new InvalidNameException("must be models/{model}/aliases/{alias}, was '" + name + "'");
        }
        if (parts[3].equals(LATEST)) {
            throw new InvalidNameException("latest is reserved: it always means the newest version");
        }
        return new AliasName(parts[1], parts[3]);
    }

    /**
     * Parses a reference to a served model: {@code models/{m}}, {@code models/{m}@{alias}}, and both without
     * {@code models/}.
     *
     * @param standardAlias alias of a reference without one
     * @throws InvalidNameException if an id is malformed
     */
    public static AliasName ofReference(String reference, String standardAlias) {
        String shortName = ResourceName.withoutModels(reference);
        int at = shortName.indexOf('@');
        return at < 0
                ? new AliasName(shortName, standardAlias)
                : new AliasName(shortName.substring(0, at), shortName.substring(at + 1));
    }

    public String modelName() {
        return ResourceName.ofModel(model);
    }

    @Override
    public String toString() {
        return modelName() + "/aliases/" + alias;
    }
}
