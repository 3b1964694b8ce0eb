package io.rootstock.service.filter;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The fields of a list.
 *
 * @param fields fields of filters and orders
 * @param key unique field that ends every order; need not be one of {@code fields}
 * @param descending direction of the key
 */
public record ListFields<A>(List<Field<A>> fields, Field<A> key, boolean descending) {
    public ListFields {
        fields = List.copyOf(fields);
    }

    Optional<Field<A>> find(String name) {
        return fields.stream().filter(field -> field.name().equals(name)).findFirst();
    }

    /** The names for an error; quoted, because the command line replaces names of request fields in errors. */
    String known() {
        return fields.stream()
                .map(field -> field.type() == FieldType.TAGS ? field.name() + ".KEY" : field.name())
                .map(name -> "'" + name + "'")
                .collect(Collectors.joining(", "));
    }
}
