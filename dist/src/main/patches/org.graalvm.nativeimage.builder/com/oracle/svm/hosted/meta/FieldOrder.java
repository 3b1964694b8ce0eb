package com.oracle.svm.hosted.meta;

import java.util.Comparator;

/** Adds the names of class and field to an order of fields that leaves equal ones in the order of a hash table. */
final class FieldOrder {
    private FieldOrder() {}

    static Comparator<HostedField> refine(Comparator<HostedField> order) {
        return order.thenComparing(field -> field.format("%H.%n"));
    }
}
