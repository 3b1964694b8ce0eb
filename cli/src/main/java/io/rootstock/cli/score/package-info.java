/**
 * Metrics of files on this machine: outputs with references, and row records of evaluations. Calls no service.
 */
package io.rootstock.cli.score;
