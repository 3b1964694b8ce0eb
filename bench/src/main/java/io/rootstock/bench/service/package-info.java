/**
 * Runs the inference service as a process in any of its packagings, with a registry stub in the benchmark's process
 * that only reports the versions in production.
 */
package io.rootstock.bench.service;
