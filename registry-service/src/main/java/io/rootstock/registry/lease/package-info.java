/** Leases of jobs: at most one worker works on a job. */
package io.rootstock.registry.lease;
