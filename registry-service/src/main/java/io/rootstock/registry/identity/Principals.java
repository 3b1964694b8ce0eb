package io.rootstock.registry.identity;

import io.grpc.StatusRuntimeException;
import io.rootstock.access.v1.Role;
import io.rootstock.registry.database.Database;
import io.rootstock.registry.database.PageQuery;
import io.rootstock.registry.database.RequestLog;
import io.rootstock.registry.v1.CreatePrincipalRequest;
import io.rootstock.registry.v1.DeletePrincipalRequest;
import io.rootstock.registry.v1.Grant;
import io.rootstock.registry.v1.Principal;
import io.rootstock.registry.v1.UpdateGrantsRequest;
import io.rootstock.service.Errors;
import io.rootstock.service.RequestTexts;
import io.rootstock.service.filter.Field;
import io.rootstock.service.filter.FieldType;
import io.rootstock.service.filter.ListFields;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** Operations on users, service accounts and groups. */
@ApplicationScoped
public class Principals {
    /** Maximum number of grants of a principal. */
    private static final int MAX_GRANTS = 100;

    private static final Pattern GRANT_PREFIX =
            Pattern.compile("(models|datasets|tokenizers|corpora)/[A-Za-z0-9._-]{0,128}/?");

    /** Fields of filters and orders; the list is ordered by name. */
    public static final ListFields<String> FIELDS = new ListFields<>(
            List.of(
                    new Field<>("name", FieldType.TEXT, "principal.name"),
                    new Field<>("description", FieldType.TEXT, "principal.description"),
                    new Field<>("create_time", FieldType.TIMESTAMP, "principal.create_time")),
            new Field<>("name", FieldType.TEXT, "principal.name"),
            false);

    private static final int MAX_DESCRIPTION_LENGTH = 256;

    private final Database database;

    /** Creates the operations. */
    @Inject
    public Principals(Database database) {
        this.database = database;
    }

    /** Creates a principal with its grants; ALREADY_EXISTS if it exists. */
    public Principal create(CreatePrincipalRequest request) {
        Principal principal = request.getPrincipal();
        String name = PrincipalNames.requireNew(principal.getName(), "principal.name");
        requireDescription(principal.getDescription(), "principal.description");
        requireGrants(principal.getGrantsList(), "principal.grants");
        Principal content = principal.toBuilder().clearCreateTime().build();
        return database.write(connection -> {
            RequestLog.once(connection, "CreatePrincipal", request.getRequestId(), content, () -> {
                if (!PrincipalRepository.insert(connection, name, principal.getDescription())) {
                    throw Errors.alreadyExists(name, "change its grants with `rootstock users grant`");
                }
                for (Grant grant : principal.getGrantsList()) {
                    PrincipalRepository.grant(connection, name, grant);
                }
                return "";
            });
            return found(connection, name);
        });
    }

    /** Returns a principal; NOT_FOUND if it does not exist. */
    public Principal get(String name) {
        return database.read(connection -> found(connection, PrincipalNames.require(name, "name")));
    }

    /** Returns the principals of a page, whose query has {@link #FIELDS}. */
    public List<PageQuery.Listed<Principal>> list(PageQuery page) {
        return database.read(connection -> PrincipalRepository.list(connection, page));
    }

    /** Deletes a principal with its grants and access tokens. */
    public void delete(DeletePrincipalRequest request) {
        String name = PrincipalNames.require(request.getName(), "name");
        database.write(connection -> RequestLog.once(connection, request, () -> {
            if (!PrincipalRepository.delete(connection, name)) {
                throw missingPrincipal(name);
            }
            return "";
        }));
    }

    /** Adds and removes grants. */
    public Principal updateGrants(UpdateGrantsRequest request) {
        String name = PrincipalNames.require(request.getName(), "name");
        requireGrants(request.getAddedList(), "added");
        requireGrants(request.getRemovedList(), "removed");
        return database.write(connection -> {
            if (!PrincipalRepository.lock(connection, name)) {
                throw missingPrincipal(name);
            }
            for (Grant grant : request.getAddedList()) {
                PrincipalRepository.grant(connection, name, grant);
            }
            for (int i = 0; i < request.getRemovedCount(); i++) {
                if (!PrincipalRepository.revoke(connection, name, request.getRemoved(i))) {
                    throw Errors.notFound(
                            "removed[" + i + "]", name + " has no such grant; see `rootstock users show " + name + "`");
                }
            }
            Principal principal = found(connection, name);
            if (principal.getGrantsCount() > MAX_GRANTS) {
                throw Errors.invalidArgument("added", "a principal has at most " + MAX_GRANTS + " grants");
            }
            return principal;
        });
    }

    static void requireDescription(String description, String field) {
        if (description.length() > MAX_DESCRIPTION_LENGTH) {
            throw Errors.invalidArgument(field, "must have at most " + MAX_DESCRIPTION_LENGTH + " characters");
        }
        RequestTexts.requireVisible(description, field);
    }

    static StatusRuntimeException missingPrincipal(String name) {
        return Errors.notFound(name, "list the principals with `rootstock users list`");
    }

    private static Principal found(Connection connection, String name) throws SQLException {
        return PrincipalRepository.find(connection, name).orElseThrow(() -> missingPrincipal(name));
    }

    /** Checks grants; INVALID_ARGUMENT names the invalid one. */
    private static void requireGrants(List<Grant> grants, String field) {
        if (grants.size() > MAX_GRANTS) {
            throw Errors.invalidArgument(field, "has more than " + MAX_GRANTS + " grants");
        }
        for (int i = 0; i < grants.size(); i++) {
            Grant grant = grants.get(i);
            String at = field + "[" + i + "]";
            if (grant.getRole() == Role.UNRECOGNIZED || grant.getRole() == Role.ROLE_UNSPECIFIED) {
                throw Errors.invalidArgument(at + ".role", "must be a role");
            }
            if (!grant.getPrefix().isEmpty()
                    && !GRANT_PREFIX.matcher(grant.getPrefix()).matches()) {
                throw Errors.invalidArgument(
                        at + ".prefix",
                        "must be empty or begin with models/, datasets/, tokenizers/ or corpora/, such as models/support- or"
                                + " models/support/, was '" + grant.getPrefix() + "'");
            }
        }
    }
}
