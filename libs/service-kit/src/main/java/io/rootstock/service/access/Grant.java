package io.rootstock.service.access;

import io.rootstock.access.v1.Role;

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
