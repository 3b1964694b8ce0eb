package io.rootstock.registry.identity;

import com.google.protobuf.Message;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.rootstock.names.InvalidNameException;
import io.rootstock.names.VersionReference;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.DatabaseException;
import io.rootstock.registry.database.Sql;
import io.rootstock.registry.evaluation.Evaluations;
import io.rootstock.registry.job.Jobs;
import io.rootstock.registry.model.Models;
import io.rootstock.service.Errors;
import io.rootstock.service.access.ResourceScopes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.util.Optional;

/**
 * Resources that decide about access to others: a job belongs to its output model, an evaluation to the model of its
 * version; files, uploads and fine-tuning jobs to their creators; access tokens to their users.
 */
@ApplicationScoped
public class RegistryScopes implements ResourceScopes {
    private final Database database;
    private final Models models;
    private final Jobs jobs;
    private final Evaluations evaluations;
    private final Principals principals;

    /** Required by the CDI client proxy. */
    RegistryScopes() {
        database = null;
        models = null;
        jobs = null;
        evaluations = null;
        principals = null;
    }

    /** Creates it on a database. */
    @Inject
    public RegistryScopes(Database database, Models models, Jobs jobs, Evaluations evaluations, Principals principals) {
        this.database = database;
        this.models = models;
        this.jobs = jobs;
        this.evaluations = evaluations;
        this.principals = principals;
    }

    @Override
    public Optional<String> scope(String resource) {
        return switch (collection(resource)) {
            case "models", "datasets", "tokenizers", "suites", "users", "serviceAccounts", "groups" ->
                Optional.of(resource);
            case "jobs" -> column("select 'models/' || model from job where id = ?", resource);
            case "evaluations" ->
                column("select 'models/' || model from job where id = ? and kind = 'EVALUATE'", resource);
            case "fineTuningJobs" -> column("select owner from fine_tuning where id = ?", resource);
            case "files" -> column("select owner from file where id = ?", resource);
            case "uploads" -> column("select owner from upload where id = ?", resource);
            case AccessTokens.COLLECTION -> column("select principal from access_token where id = ?", resource);
            default -> model(resource).map(model -> "models/" + model);
        };
    }

    @Override
    public Optional<Message> state(String resource) {
        try {
            return switch (collection(resource)) {
                case "jobs" -> jobs.find(id(resource)).map(job -> job);
                case "evaluations" -> evaluations.find(id(resource)).map(evaluation -> evaluation);
                case "users", "serviceAccounts", "groups" -> Optional.of(principals.get(resource));
                case "datasets",
                        "tokenizers",
                        "suites",
                        "fineTuningJobs",
                        "files",
                        "uploads",
                        AccessTokens.COLLECTION -> Optional.empty();
                default ->
                    resource.contains("/versions/")
                            ? Optional.of(models.version(VersionReference.parse(resource)))
                            : model(resource).map(models::get);
            };
        } catch (InvalidNameException e) {
            return Optional.empty();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                throw e;
            }
            return Optional.empty();
        } catch (DatabaseException e) {
            throw unavailable();
        }
    }

    /** Model of a name such as models/support/aliases/production, support@production or support. */
    private static Optional<String> model(String resource) {
        try {
            return Optional.of(VersionReference.parse(resource).model());
        } catch (InvalidNameException e) {
            return Optional.empty();
        }
    }

    private Optional<String> column(String query, String resource) {
        try {
            return database.read(
                    connection -> Sql.of(connection, query, id(resource)).first(row -> row.getString(1)));
        } catch (DatabaseException e) {
            throw unavailable();
        }
    }

    private static String collection(String resource) {
        return resource.substring(0, Math.max(0, resource.indexOf('/')));
    }

    private static String id(String resource) {
        return resource.substring(resource.indexOf('/') + 1);
    }

    private static StatusRuntimeException unavailable() {
        return Errors.unavailable("DATABASE_UNAVAILABLE", "the registry's database is unavailable; try again");
    }
}
