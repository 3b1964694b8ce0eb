package io.rootstock.inference.session;

import io.rootstock.service.Errors;
import io.rootstock.service.ResourceName;

/**
 * Parses the names of a served model: {@code models/{m}}, {@code models/{m}@{alias}}, and both without {@code models/}.
 */
public final class ModelNames {
    private ModelNames() {}

    /** The alias's resource name, models/{m}/aliases/{a}. Errors name the field {@code model}. */
    public static String alias(String model, String standardAlias) {
        if (model.isEmpty()) {
            throw Errors.invalidArgument("model", "must be set, for example models/base");
        }
        String bare = model.startsWith("models/") ? model.substring("models/".length()) : model;
        int at = bare.indexOf('@');
        String id = ResourceName.id(at < 0 ? bare : bare.substring(0, at), "model");
        String alias = at < 0 ? standardAlias : ResourceName.id(bare.substring(at + 1), "model");
        return "models/" + id + "/aliases/" + alias;
    }
}
