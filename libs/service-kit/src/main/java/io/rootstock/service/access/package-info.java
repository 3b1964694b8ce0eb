/**
 * Access to methods: callers and their grants, the roles that methods need, and the audit log of writes.
 *
 * <p>A call passes {@link io.rootstock.service.access.AuthenticationInterceptor} first, which finds its caller, and
 * {@link io.rootstock.service.access.AuthorizationInterceptor} last, which compares the caller's grants with the option
 * {@code rootstock.access.v1.access} of the method.
 */
package io.rootstock.service.access;
