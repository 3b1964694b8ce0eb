package io.rootstock.cli.client;

import io.rootstock.cli.error.CliException;
import io.rootstock.registry.v1.AliasCandidate;

/** Resource names from what people type: {@code javadoc} and {@code models/javadoc} mean the same model. */
public final class Names {
    private static final String MODELS = "models";

    private Names() {}

    /** {@code collection/id} from either form. */
    public static String of(String collection, String typed) {
        return typed.startsWith(collection + "/") ? typed : collection + "/" + typed;
    }

    /** The last segment of a resource name: {@code javadoc} from {@code models/javadoc}. */
    public static String id(String name) {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    /** A version's name as the registry takes it; a bare model gets the alias. */
    public static String version(String typed, String alias) {
        String name = of(MODELS, typed);
        boolean exact = name.contains("@") || name.contains(":") || name.contains("/versions/");
        return exact ? name : name + "@" + alias;
    }

    /** {@code models/{m}/aliases/{a}} of a model in either form. */
    public static String alias(String model, String alias) {
        return of(MODELS, model) + "/aliases/" + alias;
    }

    /** {@code models/{m}/versions/{n}} from {@code m:n}, {@code models/m/versions/n}, or a model and a number. */
    public static String exactVersion(String typed) {
        String name = of(MODELS, typed);
        int colon = name.lastIndexOf(':');
        if (colon > 0) {
            return name.substring(0, colon) + "/versions/" + name.substring(colon + 1);
        }
        if (!name.contains("/versions/")) {
            throw new CliException(
                    typed + " names no version",
                    "write MODEL:NUMBER, for example javadoc:3 (rootstock models versions MODEL)");
        }
        return name;
    }

    /** The model of a version's name: {@code models/m} from {@code models/m/versions/3}. */
    public static String modelOf(String version) {
        int end = version.indexOf("/versions/");
        return end < 0 ? version : version.substring(0, end);
    }

    /** {@code m:3} from {@code models/m/versions/3}; other texts stay. */
    public static String brief(String version) {
        return version.startsWith("models/")
                ? version.substring("models/".length()).replace("/versions/", ":")
                : version;
    }

    /** {@code m:3 gets 10 % and copies} from a version on trial. */
    public static String brief(AliasCandidate candidate) {
        return brief(candidate.getVersion())
                + (candidate.getPercent() > 0 ? " gets " + candidate.getPercent() + " %" : " gets")
                + (candidate.getShadow() ? (candidate.getPercent() > 0 ? " and copies" : " copies") : "");
    }
}
