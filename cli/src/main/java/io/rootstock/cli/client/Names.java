package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import io.rootstock.names.InvalidNameException;
import io.rootstock.names.ResourceName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.v1.AliasCanary;

/** Parses and formats resource names: {@code javadoc} and {@code models/javadoc} name the same model. */
public final class Names {
    private Names() {}

    /** {@code collection/id} from {@code id} or {@code collection/id}. */
    public static String of(String collection, String argument) {
        return argument.startsWith(collection + "/") ? argument : collection + "/" + argument;
    }

    /** The last segment of a resource name: {@code javadoc} from {@code models/javadoc}. */
    public static String id(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** Resource name of a version; a model without a version gets {@code alias}. */
    public static String version(String argument, String alias) {
        String name = of(ResourceName.MODELS, argument);
        return VersionReference.isModel(name) ? name + "@" + alias : name;
    }

    /** {@code models/{m}/aliases/{a}}. */
    public static String alias(String model, String alias) {
        return of(ResourceName.MODELS, model) + "/aliases/" + alias;
    }

    /** {@code models/{m}/aliases/{a}/gates/{g}}. */
    public static String gate(String model, String alias, String gate) {
        return alias(model, alias) + "/gates/" + gate;
    }

    /** The version of {@code m:n} or {@code models/m/versions/n}. */
    public static VersionName exactVersion(String argument) {
        String reason = "missing version number";
        try {
            if (VersionReference.parse(argument) instanceof VersionReference.ByNumber(VersionName name)) {
                return name;
            }
        } catch (InvalidNameException e) {
            reason = e.getMessage();
        }
        throw new CliException(
                "invalid version '" + argument + "': " + reason,
                "use MODEL:NUMBER, for example javadoc:3; list versions with: rootstock models versions MODEL");
    }

    /** {@code m:3} from {@code models/m/versions/3}; other strings are returned unchanged. */
    public static String brief(String version) {
        return VersionName.find(version).map(VersionName::shortName).orElse(version);
    }

    /** {@code canary m:3 10 % + shadow, analysed}. */
    public static String brief(AliasCanary canary) {
        String share = canary.getPercent() > 0 ? " " + canary.getPercent() + " %" : "";
        String shadow = canary.getShadow() ? (share.isEmpty() ? " shadow" : " + shadow") : "";
        String analysed = canary.hasAnalysis() ? ", analysed" : "";
        return "canary " + brief(canary.getVersion()) + share + shadow + analysed;
    }
}
