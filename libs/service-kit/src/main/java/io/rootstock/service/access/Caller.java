package io.rootstock.service.access;

import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.rootstock.access.v1.Role;
import io.rootstock.names.EnumNames;
import io.rootstock.registry.v1.GetCallerResponse;
import io.rootstock.service.Errors;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The caller of a request.
 *
 * @param name {@code users/{user}} or {@code serviceAccounts/{service_account}}
 * @param grants its own and those of its groups
 * @param expiry time when its token expires; empty: never
 * @param groups names of its groups, {@code groups/{group}}; the registry knows them of users of an OpenID provider
 */
public record Caller(String name, List<Grant> grants, Optional<Instant> expiry, List<String> groups) {
    /** Every process of this machine, if the service requires no authentication. */
    public static final Caller LOCAL = new Caller("users/local", List.of(Grant.EVERYTHING), Optional.empty());

    /** The services of the installation, and all other holders of its token. */
    public static final Caller SERVICE =
            new Caller("serviceAccounts/rootstock", List.of(Grant.EVERYTHING), Optional.empty());

    /** Has no role: the caller of code that runs outside of a request, and of requests that lost their context. */
    static final Caller ANONYMOUS = new Caller("anonymous", List.of(), Optional.empty());

    private static final Context.Key<Caller> KEY = Context.key("caller");

    public Caller {
        grants = List.copyOf(grants);
        groups = List.copyOf(groups);
    }

    /** Creates a caller without groups. */
    public Caller(String name, List<Grant> grants, Optional<Instant> expiry) {
        this(name, grants, expiry, List.of());
    }

    /** Converts the registry's answer. */
    public static Caller of(GetCallerResponse response) {
        return new Caller(
                response.getName(),
                response.getGrantsList().stream()
                        .map(grant -> new Grant(grant.getRole(), grant.getPrefix()))
                        .toList(),
                response.hasExpireTime()
                        ? Optional.of(Instant.ofEpochSecond(
                                response.getExpireTime().getSeconds(),
                                response.getExpireTime().getNanos()))
                        : Optional.empty());
    }

    /** Converts to the registry's answer. */
    public GetCallerResponse toMessage() {
        GetCallerResponse.Builder response = GetCallerResponse.newBuilder().setName(name);
        grants.forEach(
                grant -> response.addGrantsBuilder().setRole(grant.role()).setPrefix(grant.prefix()));
        expiry.ifPresent(time -> response.getExpireTimeBuilder()
                .setSeconds(time.getEpochSecond())
                .setNanos(time.getNano()));
        return response.build();
    }

    /** Returns the caller of the current request; outside of requests, one without any role. */
    public static Caller current() {
        Caller caller = KEY.get();
        return caller == null ? ANONYMOUS : caller;
    }

    /** Returns a context whose current caller is this one. */
    public Context in(Context context) {
        return context.withValue(KEY, this);
    }

    /** Whether the caller has a role for any resource. */
    public boolean has(Role role) {
        return grants.stream().anyMatch(grant -> grant.includes(role));
    }

    /** Whether the caller has a role for every resource. */
    public boolean hasEverywhere(Role role) {
        return grants.stream().anyMatch(grant -> grant.prefix().isEmpty() && grant.includes(role));
    }

    /**
     * Whether the caller has a role for a resource. Callers may act on their own resources.
     *
     * @param resource a name such as {@code models/support/versions/3}, {@code models/support@production} or the
     *     caller's own
     */
    public boolean has(Role role, String resource) {
        String scope = scope(resource);
        return scope.equals(name) || grants.stream().anyMatch(grant -> grant.includes(role, scope));
    }

    /**
     * Returns the prefixes of the ids of a collection's resources for which the caller has a role, each id with a slash at
     * its end; one empty prefix: all.
     *
     * @param collection such as {@code models}
     */
    public List<String> prefixes(Role role, String collection) {
        String start = collection + "/";
        List<String> prefixes = grants.stream()
                .filter(grant -> grant.includes(role))
                .map(Grant::prefix)
                .filter(prefix -> prefix.isEmpty() || prefix.startsWith(start))
                .map(prefix -> prefix.isEmpty() ? prefix : prefix.substring(start.length()))
                .distinct()
                .toList();
        return prefixes.contains("") ? List.of("") : prefixes;
    }

    /** Whether another caller is the same one with the same grants. */
    boolean hasSameRolesAs(Caller other) {
        return name.equals(other.name) && Set.copyOf(grants).equals(Set.copyOf(other.grants));
    }

    /**
     * Requires a role for a resource.
     *
     * @throws StatusRuntimeException PERMISSION_DENIED if the caller does not have it
     */
    public void require(Role role, String resource) {
        if (!has(role, resource)) {
            throw denied(role, resource);
        }
    }

    /** Returns the error of a caller without a role; an empty resource: for any. */
    StatusRuntimeException denied(Role role, String resource) {
        String label = EnumNames.lowerCase(role);
        return Errors.permissionDenied(name + " lacks the role " + label
                + (resource.isEmpty() ? "" : " for " + resource)
                + "; an admin grants it with `rootstock users grant`");
    }

    /** Returns the part of a resource's name that grants are about, such as {@code models/support}. */
    static String scope(String resource) {
        int first = resource.indexOf('/');
        int end = first + 1;
        while (end < resource.length() && "/:@".indexOf(resource.charAt(end)) < 0) {
            end++;
        }
        // Users' ids may have an @; nothing follows them.
        return resource.startsWith("models/") ? resource.substring(0, end) : resource;
    }

    /**
     * A role for the resources whose names have a prefix.
     *
     * @param role never unspecified
     * @param prefix prefix of a resource's name with a slash at its end, such as {@code models/support-} or
     *     {@code models/support/}; empty: all resources
     */
    public record Grant(Role role, String prefix) {
        /** Every role for every resource. */
        static final Grant EVERYTHING = new Grant(Role.ROLE_ADMIN, "");

        /** Whether this role includes another: a viewer's is included in all, and an admin's includes all. */
        public boolean includes(Role needed) {
            return role == needed || role == Role.ROLE_ADMIN || needed == Role.ROLE_VIEWER;
        }

        /** Whether this grant includes a role for a resource, named {@code collection/id} or below it. */
        public boolean includes(Role needed, String resource) {
            return includes(needed) && (resource + "/").startsWith(prefix);
        }
    }
}
