package io.rootstock.torch;

/**
 * Type of an argument or result in an operator's schema.
 *
 * @param base innermost type
 * @param optionalItems whether items of the list may be None
 * @param list whether it is a list
 * @param optional whether the value may be None
 */
record SchemaType(Base base, boolean optionalItems, boolean list, boolean optional) {
    /** Types with an encoding in libtorch's stable ABI; Scalar and Generator have none. */
    enum Base {
        TENSOR,
        INTEGER,
        FLOAT,
        BOOLEAN,
        DTYPE,
        LAYOUT,
        MEMORY_FORMAT,
        DEVICE,
        STRING,
        GENERATOR;

        static Base of(String name) {
            return switch (name) {
                case "Tensor" -> TENSOR;
                case "int", "SymInt" -> INTEGER;
                case "float" -> FLOAT;
                case "bool" -> BOOLEAN;
                case "ScalarType" -> DTYPE;
                case "Layout" -> LAYOUT;
                case "MemoryFormat" -> MEMORY_FORMAT;
                case "Device" -> DEVICE;
                case "str" -> STRING;
                case "Generator" -> GENERATOR;
                default ->
                    throw new IllegalArgumentException(
                            "schema type " + name + " cannot be passed through libtorch's stable ABI");
            };
        }
    }

    /** Parses a type, for example {@code Tensor(a!)[]} or {@code int[1]?}. */
    static SchemaType parse(String text) {
        String type = text.replaceAll("\\([^)]*\\)", "").strip();
        boolean optional = type.endsWith("?");
        if (optional) {
            type = type.substring(0, type.length() - 1);
        }
        boolean list = type.endsWith("]");
        boolean optionalItems = false;
        if (list) {
            type = type.substring(0, type.indexOf('['));
            optionalItems = type.endsWith("?");
            if (optionalItems) {
                type = type.substring(0, type.length() - 1);
            }
        }
        return new SchemaType(Base.of(type), optionalItems, list, optional);
    }

    /** Returns the type of a list's items. */
    SchemaType item() {
        return new SchemaType(base, false, false, optionalItems);
    }

    /** Returns the type without its question mark. */
    SchemaType required() {
        return new SchemaType(base, optionalItems, list, false);
    }
}
