package io.rootstock.inference.session;

import io.rootstock.names.AliasName;
import io.rootstock.names.VersionName;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import java.util.Optional;

/**
 * Parses the names of a served model: {@code models/{m}}, {@code models/{m}@{alias}}, both without {@code models/}, and
 * the name of a version in responses, {@code models/{m}/versions/{n}}.
 */
public final class ModelNames {
    private ModelNames() {}

    /**
     * The alias's resource name, models/{m}/aliases/{a}; for a version, that of its model's standard alias. Errors name
     * the field {@code model}.
     */
    public static String alias(String model, String standardAlias) {
        if (model.isEmpty()) {
            throw Errors.invalidArgument("model", "must be set, for example models/base");
        }
        Optional<VersionName> version = VersionName.find(model);
        if (version.isPresent()) {
            return new AliasName(version.get().model(), standardAlias).toString();
        }
        return RequestNames.parse(model, "model", name -> AliasName.ofReference(name, standardAlias))
                .toString();
    }
}
