/**
 * The inference service in a process of its own, in any of its forms, with a registry that lives in the benchmark's process
 * and only says which versions are in production.
 */
package io.rootstock.bench.service;
