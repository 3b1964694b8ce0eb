package io.rootstock.registry.model;

import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.UpdateModelRequest;
import io.rootstock.registry.v1.UpdateVersionRequest;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.RequestTexts;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Changes descriptions and tags of models and versions, archives and pins versions. */
@ApplicationScoped
public class Descriptions {
    private static final int MAX_DESCRIPTION_LENGTH = 4096;

    private final Database database;
    private final Models models;

    /** Creates the operations. */
    @Inject
    public Descriptions(Database database, Models models) {
        this.database = database;
        this.models = models;
    }

    /** Changes a model and returns it; NOT_FOUND if it does not exist. */
    public Model update(UpdateModelRequest request) {
        String model = RequestNames.id("models", request.getName(), "name");
        String description = request.hasDescription() ? require(request.getDescription(), "description") : null;
        String tags = checked(request.getTagsMap(), request.getRemovedTagsList());
        database.write(connection -> RequestLog.once(connection, request, () -> {
            Models.lock(connection, model);
            requireFew(
                    Sql.of(connection, """
                            update model set description = coalesce(?::text, description), tags = (tags - ?::text[]) || ?::jsonb
                            where id = ? returning (select count(*) from jsonb_object_keys(tags))
                            """, description, List.copyOf(request.getRemovedTagsList()), tags, model)
                            .one(row -> row.getInt(1)),
                    "tags");
            return "";
        }));
        return models.get(model);
    }

    /** Changes a version and returns it; NOT_FOUND if it does not exist. */
    public Version update(UpdateVersionRequest request) {
        VersionName version = RequestNames.parse(request.getName(), "name", VersionName::parse);
        String description = request.hasDescription() ? require(request.getDescription(), "description") : null;
        String tags = checked(request.getTagsMap(), request.getRemovedTagsList());
        Boolean archived = request.hasArchived() ? request.getArchived() : null;
        Boolean pinned = request.hasPinned() ? request.getPinned() : null;
        database.write(connection -> RequestLog.once(connection, request, () -> {
            if (request.getArchived() || request.getPinned()) {
                // Until the commit no alias moves to the version, and no deletion of it begins.
                AliasRepository.lock(connection);
            }
            if (request.getArchived()) {
                requireNoAlias(connection, version);
            }
            Models.lock(connection, version);
            requireFew(
                    Sql.of(
                                    connection,
                                    """
                            insert into version_description as old (model, number, description, tags, archived, pinned)
                            values (?, ?, coalesce(?::text, ''), ?::jsonb, coalesce(?::boolean, false), coalesce(?::boolean, false))
                            on conflict (model, number) do update
                                set description = coalesce(?::text, old.description),
                                    tags = (old.tags - ?::text[]) || ?::jsonb,
                                    archived = coalesce(?::boolean, old.archived),
                                    pinned = coalesce(?::boolean, old.pinned)
                            returning (select count(*) from jsonb_object_keys(tags))
                            """,
                                    version.model(),
                                    version.number(),
                                    description,
                                    tags,
                                    archived,
                                    pinned,
                                    description,
                                    List.copyOf(request.getRemovedTagsList()),
                                    tags,
                                    archived,
                                    pinned)
                            .one(row -> row.getInt(1)),
                    "tags");
            return "";
        }));
        return models.version(new VersionReference.ByNumber(version));
    }

    private static void requireNoAlias(Connection connection, VersionName version) throws SQLException {
        Optional<Alias> pointing = AliasRepository.ofModels(connection, List.of(version.model())).stream()
                .filter(alias -> alias.getVersion().equals(version.toString())
                        || alias.getCanary().getVersion().equals(version.toString()))
                .findFirst();
        if (pointing.isPresent()) {
            throw Errors.failedPrecondition(
                    "VERSION_HAS_ALIAS",
                    version + " cannot be archived: " + pointing.get().getName()
                            + " points to it or has it as canary; move the alias first (rootstock models promote)");
        }
    }

    /** Returns a valid description; INVALID_ARGUMENT names the field. */
    static String require(String description, String field) {
        if (description.length() > MAX_DESCRIPTION_LENGTH) {
            throw Errors.invalidArgument(
                    field, "must have at most " + MAX_DESCRIPTION_LENGTH + " characters, has " + description.length());
        }
        return RequestTexts.requireVisible(description, field);
    }

    private static String checked(Map<String, String> tags, List<String> removed) {
        for (String key : removed) {
            if (tags.containsKey(key)) {
                throw Errors.invalidArgument("removed_tags", "must not contain " + key + ", which tags sets");
            }
        }
        return Tags.json(tags, "tags");
    }

    /** INVALID_ARGUMENT if a resource would have too many tags. */
    static void requireFew(int tags, String field) {
        if (tags > Tags.MAX_TAGS) {
            throw Errors.invalidArgument(field, "must not be more than " + Tags.MAX_TAGS + ", would be " + tags);
        }
    }
}
