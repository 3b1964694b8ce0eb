package io.rootstock.registry.model;

import io.rootstock.registry.v1.VersionKind;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import java.util.List;

/** Fields of filters and orders of versions and of alias moves. */
public final class VersionFields {
    /** Fields of versions; the list begins with the newest version. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, version("version.model", "version.number")),
                    Field.of("kind", VersionKind.class, "version.kind"),
                    new Field<>("parent", FieldType.TEXT, version("version.parent_model", "version.parent_number")),
                    new Field<>("job", FieldType.TEXT, "coalesce(version.job, '')"),
                    new Field<>("dataset", FieldType.TEXT, "version.dataset"),
                    new Field<>("tokenizer", FieldType.TEXT, "version.tokenizer"),
                    new Field<>("license", FieldType.TEXT, "version.license"),
                    new Field<>("description", FieldType.TEXT, "coalesce(version_description.description, '')"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "version.create_time"),
                    new Field<>("tags", FieldType.TAGS, "coalesce(version_description.tags, '{}')")),
            new Field<>("number", FieldType.INTEGER, "version.number"),
            true);

    /** Fields of alias moves; the list begins with the newest move. */
    public static final ListFields<String> MOVES = new ListFields<>(
            List.of(
                    new Field<>("sequence", FieldType.INTEGER, "sequence"),
                    new Field<>("from_version", FieldType.TEXT, version("model", "from_number")),
                    new Field<>("to_version", FieldType.TEXT, version("model", "to_number")),
                    new Field<>("time", FieldType.TIMESTAMP, "move_time"),
                    new Field<>("reason", FieldType.TEXT, "reason")),
            new Field<>("sequence", FieldType.INTEGER, "sequence"),
            true);

    private VersionFields() {}

    private static String version(String model, String number) {
        return "coalesce('models/' || %s || '/versions/' || %s, '')".formatted(model, number);
    }
}
