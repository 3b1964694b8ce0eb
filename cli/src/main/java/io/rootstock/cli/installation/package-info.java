/**
 * The service processes on one machine: start, stop and status of the five services of one data directory. Benchmarks use
 * {@link io.rootstock.cli.installation.Installation} with a temporary directory and free ports. No terminal output.
 */
package io.rootstock.cli.installation;
