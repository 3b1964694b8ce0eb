package io.rootstock.registry.model;

import com.google.protobuf.Timestamp;
import io.rootstock.names.AliasName;
import io.rootstock.names.ResourceName;
import io.rootstock.names.VersionName;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.database.VisibleNames;
import io.rootstock.registry.resource.ReleasedResources;
import io.rootstock.registry.v1.Alias;
import io.rootstock.registry.v1.CreateVersionRequest;
import io.rootstock.registry.v1.Model;
import io.rootstock.registry.v1.Version;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestNames;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Operations on models and versions. A committed version never changes; a database trigger rejects changes, too. */
@ApplicationScoped
public class Models {
    private static final String LATEST = """
            (select number from version where model = model.id and not exists (
                select from version_description described
                where described.model = version.model and described.number = version.number and archived)
                order by number desc limit 1)""";

    /** Fields of filters and orders of models; the list is ordered by name. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "('models/' || model.id)"),
                    new Field<>("latest_version", FieldType.INTEGER, "coalesce(" + LATEST + ", 0)"),
                    new Field<>("description", FieldType.TEXT, "model.description"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "model.create_time"),
                    new Field<>("tags", FieldType.TAGS, "model.tags")),
            new Field<>("id", FieldType.TEXT, "model.id"),
            false);

    private static final String COLUMNS = "id, create_time, description, tags, " + LATEST + " as latest";

    private final Database database;
    private final ArtifactCheck artifacts;
    private final Tokenizers tokenizers;

    /**
     * Creates the operations on a database and on the artifact store that {@code artifacts} checks.
     *
     * @param tokenizers the tokenizers of the tokenizer service
     */
    @Inject
    public Models(Database database, ArtifactCheck artifacts, Tokenizers tokenizers) {
        this.database = database;
        this.artifacts = artifacts;
        this.tokenizers = tokenizers;
    }

    /** Returns a model; NOT_FOUND if it does not exist. */
    public Model get(String id) {
        return database.read(connection -> page(
                                connection,
                                Sql.of(connection, "select " + COLUMNS + " from model where id = ?", id)
                                        .list(Models::model))
                        .stream()
                        .findFirst())
                .orElseThrow(() -> missingModel(id));
    }

    /** Returns the models of a page that the caller may see, whose query has {@link #FIELDS}, with all of {@code tags}. */
    public List<PageQuery.Listed<Model>> list(Map<String, String> tags, PageQuery page) {
        String wanted = Tags.json(tags, "tags");
        return database.read(connection -> {
            List<PageQuery.Listed<Model>> found = page.read(
                    connection,
                    COLUMNS,
                    "model",
                    "tags @> ?::jsonb and " + VisibleNames.condition("model.id"),
                    List.of(wanted, VisibleNames.prefixes(ResourceName.MODELS)),
                    Models::model);
            List<Model> models =
                    page(connection, found.stream().map(PageQuery.Listed::item).toList());
            return IntStream.range(0, found.size())
                    .mapToObj(i -> new PageQuery.Listed<>(found.get(i).cursor(), models.get(i)))
                    .toList();
        });
    }

    /** Returns the version that a reference currently resolves to; NOT_FOUND if it does not exist. */
    public Version version(VersionReference reference) {
        return database.read(connection -> version(connection, reference));
    }

    /** Like {@link #version(VersionReference)}, inside the caller's transaction. */
    public static Version version(Connection connection, VersionReference reference) throws SQLException {
        VersionName name = resolve(connection, reference);
        return VersionRepository.find(connection, name).orElseThrow(() -> missingVersion(name));
    }

    /**
     * Returns the versions of a page, whose query has {@link VersionFields#FIELDS}, with all of {@code tags}; NOT_FOUND
     * if the model does not exist.
     *
     * @param archived whether archived versions are included
     */
    public List<PageQuery.Listed<Version>> versions(
            String model, Map<String, String> tags, boolean archived, PageQuery page) {
        String wanted = Tags.json(tags, "tags");
        return database.read(connection -> {
            requireModel(connection, model);
            return VersionRepository.list(connection, model, wanted, archived, page);
        });
    }

    /** Registers an external version; with validate_only, only checks it. */
    public Version create(CreateVersionRequest request) {
        String model = RequestNames.id("models", request.getModel(), "model");
        Version given = VersionCheck.checked(request.getVersion());
        Version complete = given.toBuilder()
                .clearArtifacts()
                .addAllArtifacts(artifacts.verified(given.getArtifactsList(), "version.artifacts"))
                .build();
        if (request.getValidateOnly()) {
            return database.read(connection -> withParent(connection, complete));
        }
        Optional<Timestamp> tokenizer = tokenizerTime(complete.getTokenizer());
        return database.write(connection -> {
            String name = RequestLog.once(connection, request, () -> {
                if (!complete.getTokenizer().isEmpty()) {
                    ReleasedResources.require(connection, complete.getTokenizer(), tokenizer);
                }
                return insert(connection, model, withParent(connection, complete))
                        .toString();
            });
            return VersionRepository.find(connection, VersionName.parse(name))
                    .orElseThrow(() -> Errors.notFound(name, "it was deleted; register it with a new request id"));
        });
    }

    /**
     * Adds a version inside the caller's transaction; its artifacts are verified, and its parent is named by number.
     */
    public static VersionName insert(Connection connection, String model, Version version) throws SQLException {
        return VersionRepository.insert(connection, model, version);
    }

    /** Locks a model against new versions until the commit and returns its number of versions; NOT_FOUND if missing. */
    public static long lock(Connection connection, String model) throws SQLException {
        if (Sql.of(connection, "select id from model where id = ? for update", model)
                .first(row -> row.getString(1))
                .isEmpty()) {
            throw missingModel(model);
        }
        return Sql.of(connection, "select count(*) from version where model = ?", model)
                .one(row -> row.getLong(1));
    }

    /** Locks a version against deletion until the commit; NOT_FOUND if it does not exist. */
    public static void lock(Connection connection, VersionName name) throws SQLException {
        if (!VersionRepository.lock(connection, name)) {
            throw missingVersion(name);
        }
    }

    /** Returns the create time of a tokenizer of this name if another one was deleted before, else empty. */
    private Optional<Timestamp> tokenizerTime(String name) {
        return !name.isEmpty() && database.read(connection -> ReleasedResources.isReleased(connection, name))
                ? tokenizers.createTime(name)
                : Optional.empty();
    }

    private static Version withParent(Connection connection, Version version) throws SQLException {
        if (version.getParent().isEmpty()) {
            return version;
        }
        Version parent =
                version(connection, RequestNames.parse(version.getParent(), "version.parent", VersionReference::parse));
        return version.toBuilder().setParent(parent.getName()).build();
    }

    private static VersionName resolve(Connection connection, VersionReference reference) throws SQLException {
        return switch (reference) {
            case VersionReference.ByNumber(VersionName name) -> name;
            case VersionReference.ByAlias(AliasName alias) ->
                new VersionName(
                        alias.model(),
                        AliasRepository.position(connection, alias)
                                .orElseThrow(() -> Errors.notFound(
                                        alias.toString(), "set it with `rootstock models promote` or SetAlias"))
                                .number());
            case VersionReference.Latest(String model) -> {
                long latest = requireModel(connection, model);
                if (latest == 0) {
                    throw Errors.notFound(
                            "models/" + model + "@latest", "the model has no version that is not archived");
                }
                yield new VersionName(model, latest);
            }
        };
    }

    private static long requireModel(Connection connection, String model) throws SQLException {
        Optional<Long> latest = Sql.of(connection, "select " + LATEST + " as latest from model where id = ?", model)
                .first(row -> row.getLong("latest"));
        return latest.orElseThrow(() -> missingModel(model));
    }

    private static RuntimeException missingVersion(VersionName name) {
        return Errors.notFound(name.toString(), "list them with `rootstock models list`, or register it first");
    }

    private static RuntimeException missingModel(String id) {
        return Errors.notFound("models/" + id, "list the models with `rootstock models list`");
    }

    private static List<Model> page(Connection connection, List<Model> models) throws SQLException {
        List<String> ids = models.stream()
                .map(model -> RequestNames.id("models", model.getName(), "name"))
                .toList();
        Map<String, List<Alias>> aliases = AliasRepository.ofModels(connection, ids).stream()
                .collect(Collectors.groupingBy(
                        alias -> AliasName.parse(alias.getName()).modelName()));
        return models.stream()
                .map(model -> model.toBuilder()
                        .addAllAliases(aliases.getOrDefault(model.getName(), List.of()))
                        .build())
                .toList();
    }

    private static Model model(ResultSet row) throws SQLException {
        return Model.newBuilder()
                .setName("models/" + row.getString("id"))
                .setLatestVersion(row.getLong("latest"))
                .setCreateTime(Sql.timestamp(row, "create_time"))
                .setDescription(row.getString("description"))
                .putAllTags(Tags.parse(row.getString("tags")))
                .build();
    }
}
