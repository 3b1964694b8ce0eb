package io.rootstock.service.filter;

import io.rootstock.names.EnumNames;
import java.util.List;

/**
 * A field of a list.
 *
 * @param <A> how the field is read: a SQL expression that is never null, or a function of an element
 * @param name name in filters and orders, as in the element's message
 * @param names values of an ENUM; empty for other types
 */
public record Field<A>(String name, FieldType type, A access, List<String> names) {
    public Field {
        names = List.copyOf(names);
    }

    /** Creates a field of another type than ENUM. */
    public Field(String name, FieldType type, A access) {
        this(name, type, access, List.of());
    }

    /** Creates an ENUM field with the values of a contract's enum, without their prefix and the unspecified one. */
    public static <A> Field<A> of(String name, Class<? extends Enum<?>> type, A access) {
        return new Field<>(name, FieldType.ENUM, access, EnumNames.all(type));
    }
}
