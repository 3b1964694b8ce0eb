package io.rootstock.names;

/**
 * Name of a top-level resource, {@code {collection}/{id}}, such as {@code datasets/javadoc}.
 *
 * @param collection collection, for example {@code tokenizers}
 * @param id id in the collection
 */
public record ResourceName(String collection, String id) {
    /** Collection of the models. */
    public static final String MODELS = "models";

    /** Rejects an invalid id with an {@link InvalidNameException}. */
    public ResourceName {
        ResourceId.require(id);
    }

    /**
     * Parses a name of a collection.
     *
     * @throws InvalidNameException if it is malformed or of another collection
     */
    public static ResourceName parse(String collection, String name) {
        String prefix = collection + "/";
        if (!name.startsWith(prefix) || !ResourceId.isValid(name.substring(prefix.length()))) {
            throw new InvalidNameException("must be " + prefix + "{id} with an id of the form "
                    + ResourceId.FORM.pattern() + ", was '" + name + "'");
        }
        return new ResourceName(collection, name.substring(prefix.length()));
    }

    /** Returns the name of a model, {@code models/{id}}. */
    static String ofModel(String id) {
        return MODELS + "/" + id;
    }

    /** Removes {@code models/} from the beginning of a name, if it is there. */
    static String withoutModels(String name) {
        String prefix = ofModel("");
        return name.startsWith(prefix) ? name.substring(prefix.length()) : name;
    }

    @Override
    public String toString() {
        return collection + "/" + id;
    }
}
