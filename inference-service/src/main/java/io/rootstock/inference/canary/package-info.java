/**
 * Counters of a canary under analysis: outcomes of the requests of both versions, and scores of shadow answers. Sending them
 * to the registry is the task of the package serving.
 */
package io.rootstock.inference.canary;
