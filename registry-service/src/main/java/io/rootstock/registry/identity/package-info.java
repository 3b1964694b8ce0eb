/** Users, service accounts and groups, their grants and access tokens, and the audit log. */
package io.rootstock.registry.identity;
