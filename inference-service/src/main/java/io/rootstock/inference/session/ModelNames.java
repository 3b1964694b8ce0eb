package io.rootstock.inference.session;

import io.rootstock.names.AliasName;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;

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
        return RequestNames.parse(model, "model", name -> AliasName.ofReference(name, standardAlias))
                .toString();
    }
}
