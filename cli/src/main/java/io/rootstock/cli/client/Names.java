package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.AliasCanary;

/** Parses and formats resource names: {@code javadoc} and {@code models/javadoc} name the same model. */
public final class Names {
    private static final String MODELS = "models";

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
        String name = of(MODELS, argument);
        boolean exact = name.contains("@") || name.contains(":") || name.contains("/versions/");
        return exact ? name : name + "@" + alias;
    }

    /** {@code models/{m}/aliases/{a}}. */
    public static String alias(String model, String alias) {
        return of(MODELS, model) + "/aliases/" + alias;
    }

    /** {@code models/{m}/versions/{n}} from {@code m:n} or {@code models/m/versions/n}. */
    public static String exactVersion(String argument) {
        String name = of(MODELS, argument);
        int colon = name.lastIndexOf(':');
        if (colon > 0) {
            return name.substring(0, colon) + "/versions/" + name.substring(colon + 1);
        }
        if (!name.contains("/versions/")) {
            throw new CliException(
                    "invalid version '" + argument + "': missing version number",
                    "use MODEL:NUMBER, for example javadoc:3; list versions with: rootstock models versions MODEL");
        }
        return name;
    }

    /** The model of a version: {@code models/m} from {@code models/m/versions/3}. */
    public static String modelOf(String version) {
        int end = version.indexOf("/versions/");
        return end < 0 ? version : version.substring(0, end);
    }

    /** {@code m:3} from {@code models/m/versions/3}; other strings are returned unchanged. */
    public static String brief(String version) {
        return version.startsWith("models/")
                ? version.substring("models/".length()).replace("/versions/", ":")
                : version;
    }

    /** {@code canary m:3 10 % + shadow}. */
    public static String brief(AliasCanary canary) {
        String share = canary.getPercent() > 0 ? " " + canary.getPercent() + " %" : "";
        String shadow = canary.getShadow() ? (share.isEmpty() ? " shadow" : " + shadow") : "";
        return "canary " + brief(canary.getVersion()) + share + shadow;
    }
}
