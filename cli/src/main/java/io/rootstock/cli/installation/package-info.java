/**
 * All services on one machine: starting, stopping and finding the four service processes of one home folder. Benches
 * use {@link io.rootstock.cli.installation.Installation} with a temporary home and free ports; nothing here prints.
 */
package io.rootstock.cli.installation;
