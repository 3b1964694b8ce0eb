/** Quotas of users, service accounts and groups: their administration, and the usage that they limit. */
package io.rootstock.registry.quota;
