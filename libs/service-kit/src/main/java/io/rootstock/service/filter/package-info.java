/**
 * Filters and orders of lists: a subset of AIP-160 and AIP-132. A list declares its fields; a request's texts become a
 * {@link io.rootstock.service.filter.ListQuery}, which is run as SQL with bound arguments or in memory.
 */
package io.rootstock.service.filter;
