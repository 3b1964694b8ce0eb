/** Users, service accounts and groups, their grants, access tokens and quotas, and the audit log. */
package io.rootstock.registry.identity;
