package io.rootstock.registry.model;

import io.rootstock.service.Errors;
import io.rootstock.service.ResourceName;

/**
 * Resource name of an alias, {@code models/{model}/aliases/{alias}}.
 *
 * @param model the model's id
 * @param alias the alias's id, such as production; never latest
 */
public record AliasName(String model, String alias) {
    /** The reserved alias of the newest version; it cannot be set. */
    public static final String LATEST = "latest";

    /** Parses an alias's resource name; INVALID_ARGUMENT for {@code field} if it is malformed. */
    public static AliasName parse(String name, String field) {
        String[] parts = name.split("/", -1);
        if (parts.length != 4 || !parts[0].equals("models") || !parts[2].equals("aliases")) {
            throw Errors.invalidArgument(field, "must be models/{model}/aliases/{alias}, was '" + name + "'");
        }
        if (parts[3].equals(LATEST)) {
            throw Errors.invalidArgument(field, "latest is reserved: it always means the newest version");
        }
        return new AliasName(ResourceName.id(parts[1], field), ResourceName.id(parts[3], field));
    }

    @Override
    public String toString() {
        return "models/" + model + "/aliases/" + alias;
    }
}
