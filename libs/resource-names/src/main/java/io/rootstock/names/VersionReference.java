package io.rootstock.names;

/**
 * A reference to a version by number, by alias, or to the newest version. If version 3 of model {@code base} is the
 * newest and in production, these references are equivalent: {@code models/base/versions/3}, {@code base:3},
 * {@code base@production}, {@code base@latest}, {@code base}. The short forms may begin with {@code models/}.
 */
public sealed interface VersionReference {
    /** The model's id. */
    String model();

    /** A reference to a version by number. */
    record ByNumber(VersionName name) implements VersionReference {
        @Override
        public String model() {
            return name.model();
        }
    }

    /** A reference to the version that an alias points to. */
    record ByAlias(AliasName name) implements VersionReference {
        @Override
        public String model() {
            return name.model();
        }
    }

    /** A reference to the newest version of a model. */
    record Latest(String model) implements VersionReference {}

    /**
     * Parses a reference.
     *
     * @throws InvalidNameException if it is malformed
     */
    static VersionReference parse(String name) {
        if (name.contains("/versions/")) {
            return new ByNumber(VersionName.parse(name));
        }
        if (name.contains("/aliases/")) {
            return new ByAlias(AliasName.parse(name));
        }
        String shortName = ResourceName.withoutModels(name);
        int at = shortName.indexOf('@');
        int colon = shortName.indexOf(':');
        if (at >= 0) {
            String model = id(shortName.substring(0, at), name);
            String alias = id(shortName.substring(at + 1), name);
            return alias.equals(AliasName.LATEST) ? new Latest(model) : new ByAlias(new AliasName(model, alias));
        }
        if (colon >= 0) {
            String model = id(shortName.substring(0, colon), name);
            return new ByNumber(new VersionName(model, VersionName.number(shortName.substring(colon + 1))));
        }
        return new Latest(id(shortName, name));
    }

    /** Whether a reference names a model only, so that it means the model's newest version. */
    static boolean isModel(String name) {
        String shortName = ResourceName.withoutModels(name);
        return shortName.indexOf('@') < 0 && shortName.indexOf(':') < 0 && shortName.indexOf('/') < 0;
    }

    private static String id(String id, String name) {
        if (!ResourceId.isValid(id)) {
            throw new InvalidNameException(
                    "must name a version: models/{m}/versions/{n}, {m}:{n}, {m}@{alias} or {m}@latest, was '" + name
                            + "'");
        }
        return id;
    }
}
